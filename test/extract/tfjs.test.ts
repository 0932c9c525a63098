import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { type io, type Tensor, tf } from '../../lib/engine/tf.js'
import { parseModality } from '../../lib/extract/address.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { graphModel, layersModel, writeModel } from './tfjs-model.js'

await tf.setBackend('cpu')

const open = (encoder: string, warn?: (text: string) => void) =>
  openEncoder(parseModality(`p=image:f@tfjs:${encoder}`), 1, warn ? { warn } : {})

/** Two pictures of 8 x 8, and the tensor that a network should see. */
async function pictures(folder: string): Promise<{ items: { path: string }[]; x: Tensor }> {
  const bytes = Uint8Array.from({ length: 2 * 192 }, (_, at) => (at * 37) % 256)
  const items = [0, 1].map(at => ({ path: `${folder}/${at}.png` }))
  for (const [at, { path }] of items.entries())
    await sharp(bytes.subarray(192 * at, 192 * (at + 1)), {
      raw: { width: 8, height: 8, channels: 3 },
    }).toFile(path)
  return { items, x: tf.div(tf.tensor(Float32Array.from(bytes), [2, 8, 8, 3]), 255) }
}

const artifactsOf = (model: ReturnType<typeof layersModel>): Promise<io.ModelArtifacts> =>
  new Promise(resolve => {
    const save = async (artifacts: io.ModelArtifacts) => {
      resolve(artifacts)
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } }
    }
    void model.save(tf.io.withSaveHandler(save))
  })

const close = (found: ArrayLike<number>, expected: ArrayLike<number>): boolean =>
  found.length === expected.length &&
  Array.from(expected).every((value, at) => Math.abs(found[at]! - value) < 1e-5)

t.test('a Layers model gives what TensorFlow.js itself makes of it, tapped or not', async t => {
  const folder = t.testdir()
  const { items, x } = await pictures(folder)
  const model = layersModel()
  writeModel(`${folder}/net`, await artifactsOf(model))

  const encoder = await open(`${folder}/net`)
  t.equal(encoder.address, 'tfjs:net,size=8,batch=64')
  const rows = (model.predict(x) as Tensor).arraySync() as number[][]
  const features = (await encoder.encode(items)) as Float32Array[]
  features.forEach((row, at) => t.ok(close(row, rows[at]!), `picture ${at}`))
  await encoder.close()

  const inner = model.getLayer('inner').output as never
  const tapped = tf.model({ inputs: model.inputs, outputs: inner }).predict(x) as Tensor
  const places = tapped.arraySync() as number[][][][]
  const tokens = await open(`${folder}/net,layer=inner,tokens,batch=2`)
  t.same([tokens.layout, tokens.dim], ['tokens', 4])
  const [, second] = await tokens.encode(items)
  t.ok(close(second as Float32Array, places[1]!.flat(2)), 'the places of the picture, row by row')
  await tokens.close()
})

t.test('a Graph model gives what TensorFlow.js itself makes of it, tapped or not', async t => {
  const folder = t.testdir()
  const { items, x } = await pictures(folder)
  const artifacts = graphModel()
  writeModel(`${folder}/net`, artifacts)
  const model = tf.loadGraphModelSync(artifacts)
  for (const [option, node] of [
    ['', 'pooled'],
    [',layer=rectified,pool=none', 'rectified'],
  ] as const) {
    const expected = (model.execute({ x }, node) as Tensor).dataSync()
    const encoder = await open(`${folder}/net${option}`)
    const features = (await encoder.encode(items)) as Float32Array[]
    t.ok(close(features.map(row => [...row]).flat(), expected), node)
    await encoder.close()
  }
})

t.test('what the engine cannot trace is computed by TensorFlow.js, and that is told', async t => {
  const folder = t.testdir()
  const { items, x } = await pictures(folder)
  const model = tf.sequential({
    layers: [tf.layers.upSampling2d({ inputShape: [8, 8, 3], interpolation: 'bilinear' })],
  })
  writeModel(`${folder}/net`, { ...(await artifactsOf(model)), weightSpecs: [] })
  const warnings: string[] = []
  const encoder = await open(`${folder}/net,pool=none`, text => warnings.push(text))
  const [first] = await encoder.encode(items)
  const expected = (model.predict(x) as Tensor).dataSync().subarray(0, 16 * 16 * 3)
  t.ok(close(first as Float32Array, expected))
  t.match(warnings, [/the operation ResizeBilinear is not traced/])
  await encoder.close()
})

t.test('weights lie in the folder and have the bytes that their shapes say', async t => {
  const folder = t.testdir({ 'secret.bin': 'x'.repeat(1000) })
  const artifacts = graphModel()
  const [kernel, ...others] = artifacts.weightSpecs!
  const cases: [string, RegExp, object][] = [
    ['above', /path "\.\.\/secret\.bin", expected a file in/, { paths: ['../secret.bin'] }],
    ['around', /expected a file in the folder/, { paths: ['x/../../secret.bin'] }],
    ['absolute', /expected a file in the folder/, { paths: ['/etc/passwd'] }],
    ['windows', /expected a file in the folder/, { paths: ['..\\secret.bin'] }],
    ['url', /expected a file in the folder/, { paths: ['http://localhost/a.bin'] }],
    ['number', /expected a file in the folder/, { paths: [7] }],
    ['folder', /is no file/, { paths: ['.hidden/..x', 'sub'] }],
    ['short', /bytes, their shapes say/, { paths: ['a.bin'] }],
    ['huge', /bytes, their shapes say/, { weights: [{ ...kernel, shape: [1e9, 1e9] }, ...others] }],
    ['negative', /expected a name, a shape/, { weights: [{ ...kernel, shape: [-1] }] }],
    ['type', /expected a name, a shape/, { weights: [{ ...kernel, dtype: 'string' }] }],
    ['groups', /expected groups of paths and weights/, { paths: 'a.bin' }],
    ['lacking', /\w/, { paths: ['b.bin'], weights: [] }],
  ]
  for (const [name, message, changed] of cases) {
    const net = writeModel(`${folder}/${name}`, artifacts, changed)
    writeModel(`${net}/sub`, artifacts)
    writeModel(`${net}/.hidden/..x`, artifacts)
    await t.rejects(open(net), { exit: 65, message }, name)
  }
  const broken = writeModel(`${folder}/broken`, artifacts)
  for (const [text, message] of [
    ['{', /is not JSON/],
    ['[1]', /expected a JSON object/],
    ['{"modelTopology":{}}', /no weightsManifest/],
    ['{"weightsManifest":[]}', /no modelTopology/],
    ['{"modelTopology":{"node":[]},"weightsManifest":[]}', /broken: not a model that can be run/],
    ['{"modelTopology":{"class_name":"Lambda"},"weightsManifest":[]}', /\w/],
  ] as const) {
    writeFileSync(`${broken}/model.json`, text)
    await t.rejects(open(broken), { exit: 65, message }, text)
  }
})

t.test('what is missing or misspelt is told', async t => {
  const folder = t.testdir()
  const net = writeModel(`${folder}/net`, graphModel())
  const cases: [number, RegExp, string][] = [
    [69, /no such file: .*nowhere/, `${folder}/nowhere`],
    [66, /model\.json/, folder],
    [64, /no node 'z'/, `${net},layer=z`],
    [64, /unknown option 'layers'/, `${net},layers=z`],
    [65, /net: /, `${net},size=9`],
  ]
  for (const [exit, message, encoder] of cases)
    await t.rejects(open(encoder), { exit, message }, encoder)
  const layers = writeModel(`${folder}/layers`, await artifactsOf(layersModel()))
  await t.rejects(open(`${layers},layer=z`), { exit: 64, message: /no layer 'z'/ })
})
