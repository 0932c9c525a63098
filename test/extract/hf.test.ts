import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'

/**
 * Tiny models of random weights, and what the Python library makes of the same picture, sound and
 * texts with them: test/crosscheck/hf_models.py.
 */
const FOLDER = 'fixtures/hf'
const reference = JSON.parse(readFileSync(`${FOLDER}/reference.json`, 'utf8'))
const texts = (reference.texts as string[]).map(text => ({ text }))

const found = await import('@huggingface/transformers').catch(() => undefined)
const skip = found ? false : 'not run: the package @huggingface/transformers is not there'

/** Addresses that somebody wanted to fetch; there is no network here. */
const asked: string[] = []
if (found)
  found.env.fetch = async (url: unknown) => {
    asked.push(String(url))
    throw new Error('no network')
  }

type Vector = Float32Array
const encode = async (address: string, items: ({ path: string } | { text: string })[]) => {
  const encoder = await openEncoder(parseModality(address), 1)
  const results = (await encoder.encode(items)) as Vector[]
  await encoder.close()
  return { encoder, results }
}

const far = (found: ArrayLike<number>, expected: readonly number[]): number =>
  found.length === expected.length
    ? Math.max(...expected.map((value, at) => Math.abs(found[at]! - value)))
    : Infinity

const picture = [{ path: `${FOLDER}/picture.png` }]
const sound = [{ path: `${FOLDER}/sound.wav` }]

t.test(
  'pictures: CLIP, SigLIP, DINOv2 and ViT as the Python library has them',
  { skip },
  async t => {
    for (const name of ['clip', 'siglip', 'dinov2', 'vit']) {
      const { encoder, results } = await encode(`p=image:f@hf:${FOLDER}/${name}`, picture)
      t.equal(encoder.dim, reference[name].image.length)
      t.ok(far(results[0]!, reference[name].image) < 1e-4, name)
    }
    const { encoder, results } = await encode(`p=image:f@hf:${FOLDER}/clip,tokens`, [
      ...picture,
      ...picture,
    ])
    t.same([encoder.layout, encoder.dim], ['tokens', 16])
    for (const tokens of results) t.ok(far(tokens, reference.clip.imageTokens.flat()) < 1e-4)
  },
)

t.test(
  'texts: together they are what each is alone, cut where the model ends',
  { skip },
  async t => {
    for (const [options, expected] of [
      ['bert', reference.bert.mean],
      ['bert,batch=1', reference.bert.mean],
      ['bert,pool=cls', reference.bert.cls],
      ['bert,tokens', reference.bert.tokens.map((rows: number[][]) => rows.flat())],
      ['clip', reference.clip.text],
      ['siglip', reference.siglip.text],
    ] as const) {
      const { results } = await encode(`t=text:t@hf:${FOLDER}/${options}`, texts)
      results.forEach((row, at) => t.ok(far(row, expected[at]) < 1e-4, `${options}: text ${at}`))
    }
  },
)

t.test('a folder of sentence-transformers pools as its model was trained', { skip }, async t => {
  const folder = t.testdir()
  cpSync(`${FOLDER}/bert`, folder, { recursive: true })
  mkdirSync(`${folder}/1_Pooling`)
  const encoded = async (config: object, options = '') => {
    writeFileSync(`${folder}/1_Pooling/config.json`, JSON.stringify(config))
    return (await encode(`t=text:t@hf:${folder}${options}`, texts)).results
  }
  const { mean, cls, tokens } = reference.bert
  const last = tokens.map((rows: number[][]) => rows.at(-1))
  const older = { word_embedding_dimension: 16, pooling_mode_max_tokens: false }
  for (const [config, expected] of [
    [{ ...older, pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, cls],
    [{ ...older, pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }, mean],
    [{ ...older, pooling_mode_lasttoken: true }, last],
    [{ embedding_dimension: 16, pooling_mode: 'cls' }, cls],
  ] as const) {
    const results = await encoded(config)
    results.forEach((row, at) => t.ok(far(row, expected[at]) < 1e-4, JSON.stringify(config)))
  }
  const asked = await encoded({ pooling_mode: 'cls' }, ',pool=mean')
  t.ok(far(asked[0]!, mean[0]) < 1e-4, 'the address comes first')
  for (const config of [{ pooling_mode: 'weightedmean' }, { pooling_mode: ['cls', 'mean'] }, {}])
    await t.rejects(encoded(config), { exit: 65, message: /1_Pooling\/config\.json: pools by/ })
})

t.test('sounds: wav2vec2, Whisper and CLAP, decoded and resampled by us', { skip }, async t => {
  const wav2vec2 = await encode(`s=audio:f@hf:${FOLDER}/wav2vec2`, sound)
  t.ok(far(wav2vec2.results[0]!, reference.wav2vec2.mean) < 1e-3)
  const whisper = await encode(`s=audio:f@hf:${FOLDER}/whisper`, sound)
  t.ok(far(whisper.results[0]!, reference.whisper.mean) < 1e-3)
  const tokens = await encode(`s=audio:f@hf:${FOLDER}/whisper,tokens`, sound)
  t.equal(tokens.results[0]!.length, reference.whisper.frames * 16)
  t.ok(far(tokens.results[0]!.subarray(0, 48), reference.whisper.first.flat()) < 1e-3)
  const clap = await encode(`s=audio:f@hf:${FOLDER}/clap`, sound)
  t.ok(far(clap.results[0]!, reference.clap.audio) < 1e-3)
})

t.test(
  'a folder is read where it lies; what it lacks is told, and nobody is asked',
  { skip },
  async t => {
    const folder = t.testdir()
    cpSync(`${FOLDER}/bert`, `${folder}/bert`, { recursive: true })
    const { encoder } = await encode(`t=text:t@hf:${folder}/bert,batch=2,float16`, texts)
    t.equal(encoder.address, 'hf:bert,float16,batch=2', 'no folder')
    t.equal(encoder.float, 'float16')
    rmSync(`${folder}/bert/tokenizer.json`)
    mkdirSync(`${folder}/empty`)
    const open = (address: string) => openEncoder(parseModality(address), 1)
    const cases: [number, RegExp, string][] = [
      [69, /bert: there is no tokenizer\.json/, `t=text:t@hf:${folder}/bert`],
      [69, /empty: there is no config\.json/, `t=text:t@hf:${folder}/empty`],
      [69, /no such folder/, `t=text:t@hf:${folder}/nowhere`],
      [69, /no model_quantized\.onnx/, `t=text:t@hf:${FOLDER}/bert,dtype=q8`],
      [64, /no output 'z'/, `t=text:t@hf:${FOLDER}/bert,output=z`],
      [64, /gives no sequence/, `s=audio:f@hf:${FOLDER}/clap,tokens`],
      [64, /unknown option 'dims'/, `t=text:t@hf:${FOLDER}/bert,dims=3`],
    ]
    for (const [exit, message, address] of cases)
      await t.rejects(open(address), { exit, message }, address)
    t.same(asked, [])
    await t.rejects(open('t=text:t@hf:some/model'), { exit: 69, message: /some\/model/ })
    t.match(asked[0], /huggingface\.co\/some\/model/, 'a name is asked for')
  },
)

t.test('without the package its installation is told', async t => {
  const hook = `export const resolve = (name, context, next) => {
    if (name === '@huggingface/transformers') throw new Error('not found')
    return next(name, context)
  }`
  const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  const without = data(
    `import { register } from 'node:module'; register(${JSON.stringify(data(hook))})`,
  )
  const opening = data(`
    import { loadTransformers } from ${JSON.stringify(import.meta.resolve('../../lib/extract/encoders/hf/package.js'))}
    loadTransformers('-m x').catch(({ exit, message, hint }) => console.log(exit, message, hint))`)
  const said = execFileSync(
    process.execPath,
    ['--import', without, '--import', opening, '-e', ''],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  )
  t.match(said, /^69 -m x: the package @huggingface\/transformers is not there npm install/)
})
