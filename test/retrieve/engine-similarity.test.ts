import { execaNode } from 'execa'
import t, { type Test } from 'tap'
import { jsEngine } from '../../lib/engine/js-engine.js'
import { onnxEngine } from '../../lib/engine/onnx/engine.js'
import type { Engine } from '../../lib/engine/types.js'
import { engineSimilarity } from '../../lib/retrieve/engine-similarity.js'
import { openSimilarity } from '../../lib/retrieve/open-similarity.js'
import { relate } from '../../lib/retrieve/relation.js'
import { productSlack } from '../../lib/retrieve/rounding.js'
import { collectTallies, doubleLoop } from './double-loop.js'
import { unit, vectors } from './vectors.js'

const DIM = 48

/** Vectors that differ from one another by single last bits of float32, so their scores do too. */
const nearTies = () => {
  let state = 7
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
  const base = unit(Array.from({ length: DIM }, draw)).map(Math.fround)
  const near = () => base.map(x => (draw() > 0.3 ? x * (1 + 2 ** -23) : x))
  const many = (count: number) => vectors(Array.from({ length: count }, near))
  return { queries: many(70), gallery: many(300) }
}

const keys = (count: number, among: number) =>
  Int32Array.from({ length: count }, (_, i) => i % among)

const agreesWithDoubleLoop = async (t: Test, engine: Engine) => {
  const { queries, gallery } = nearTies()
  const [queryKeys, entryKeys] = [keys(70, 70), keys(300, 90)]
  // Blocks smaller than the data, and not divisors of it.
  const similarity = await engineSimilarity({ engine, dim: DIM, queries: 64, entries: 128 })
  const relevant = relate(queryKeys, entryKeys)
  const got = await collectTallies({ queries, gallery, relevant, similarity })
  const isRight = (q: number, e: number) => queryKeys[q] === entryKeys[e]
  const wanted = doubleLoop(queries, gallery, isRight, () => false)
  t.same(got, wanted)
  t.ok(
    wanted.some(({ greater }) => greater[0]! > 5),
    'the near ties decide ranks',
  )
  await similarity.close()
  return similarity.slack(DIM, 1)
}

t.test('ranks are exact where scores differ in the last bits of float32', async t => {
  const engine = jsEngine()
  t.equal(await agreesWithDoubleLoop(t, engine), productSlack(DIM, 1), 'float32 is recognised')
  await engine.dispose()
})

t.test(
  'an engine may be disposed of after a similarity that was closed: validation is',
  async t => {
    const engine = onnxEngine({ threads: 1 })
    await agreesWithDoubleLoop(t, engine)
    await t.resolves(engine.dispose())
  },
)

t.test('ranks are exact on hardware that multiplies 11 bits and calls it float32', async t => {
  const engine = jsEngine()
  const cut = (x: number) => {
    const scale = 2 ** (10 - Math.floor(Math.log2(Math.abs(x))))
    return x === 0 ? 0 : Math.round(x * scale) / scale
  }
  const coarse: Engine = {
    ...engine,
    async compile(program, state) {
      const compiled = await engine.compile(program, state)
      const run: typeof compiled.run = (inputs, into) =>
        compiled.run(
          Object.fromEntries(
            Object.entries(inputs).map(([name, values]) => [
              name,
              (values as Float32Array).map(cut),
            ]),
          ),
          into,
        )
      return { run, dispose: () => compiled.dispose() }
    },
  }
  t.ok((await agreesWithDoubleLoop(t, coarse)) > 2 ** -11, 'the slack is that of 11 bits')
  await engine.dispose()
})

t.test('an engine is opened only where there is work enough for it', async t => {
  const small = { dim: 4, queries: 10, entries: 10, work: 400 }
  const none = await openSimilarity(small, async () => t.fail('opened') as never)
  t.equal(none.engine, 'float64')
  t.equal(none.slack(4, 1), 0)
  const some = await openSimilarity({ ...small, work: 1e12 }, async () => jsEngine())
  t.equal(some.engine, 'js')
  await some.close()
})

const urlOf = (module: string) =>
  JSON.stringify(new URL(`../../lib/${module}.js`, import.meta.url).href)

t.test('on a processor scores need no TensorFlow.js, which takes long to load', async t => {
  const program = `
    import { createRequire } from 'node:module'
    const { openEngine } = await import(${urlOf('engine/open')})
    const { engineSimilarity } = await import(${urlOf('retrieve/engine-similarity')})
    const engine = await openEngine({ device: 'cpu', threads: 1 })
    const similarity = await engineSimilarity({ engine, dim: 2, queries: 1, entries: 1 })
    const one = { count: 1, dim: 2, values: Float32Array.of(0.6, 0.8) }
    for await (const { scores } of similarity.scores(one, 0, 1, one)) console.log(scores[0])
    await similarity.close()
    await engine.dispose()
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    console.log(loaded.some(path => path.includes('onnxruntime')))
    console.log(loaded.some(path => path.includes('tensorflow')))
  `
  const { stdout } = await execaNode({
    input: program,
    env: { PCM_ENGINE: '' },
    nodeOptions: ['--input-type=module'],
    cwd: new URL('.', import.meta.url),
  })`-`
  const [score, ...loaded] = stdout.split('\n')
  t.ok(Math.abs(Number(score) - 1) < 1e-6, `${score}`)
  t.same(loaded, ['true', 'false'])
})
