import { execa } from 'execa'
import t from 'tap'
import { embedderOf } from '../../lib/coordinate/embed.js'
import { EmbedderThread } from '../../lib/coordinate/embedder-thread/thread.js'
import { coresFor, openEmbedder } from '../../lib/coordinate/open-embedder.js'
import { compare } from '../engine/agree.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { layoutOf } from '../../lib/coordinate/layout.js'
import { headOf } from '../../lib/coordinate/heads/index.js'
import { everyHead } from './model-of.js'

t.teardown(async () => await both().onnx.dispose())

t.test('a thread of its own gives the bytes of this one, whatever is asked at once', async t => {
  const model = everyHead()
  const here = embedderOf(both().onnx, model)
  const there = await EmbedderThread.open(model, both().onnx.threads)
  t.teardown(() => there.close())
  t.equal(there.description, both().onnx.description)
  const features = [40, 7, 900].map((count, seed) => reals(count * 3, seed))
  const codes = Int32Array.from({ length: 40 }, (_, i) => i % 3)
  const asked = features.flatMap(values => [
    { name: 'residual-mlp', values },
    { name: 'linear', values },
  ])
  const given = asked.map(({ values }) => values.slice())
  const made = await Promise.all(
    [...asked, { name: 'embedding', values: codes }].map(({ name, values }) =>
      there.embed(name, values),
    ),
  )
  for (const [i, { name, values }] of asked.entries()) {
    t.same(made[i], await here.embed(name, values), `${values.length} numbers, ${name}`)
    t.same(values, given[i], 'what was given stays the callers')
  }
  t.same(made.at(-1), await here.embed('embedding', codes))
})

t.test('what cannot be embedded there rejects here, and the next is embedded', async t => {
  const model = everyHead()
  const there = await EmbedderThread.open(model, 1)
  t.teardown(() => there.close())
  const values = reals(40 * 3, 1)
  const [nobody, linear] = await Promise.allSettled([
    there.embed('nobody', values),
    there.embed('linear', values),
  ])
  t.equal(nobody.status, 'rejected')
  t.equal(
    compare(
      await embedderOf(both().onnx, model).embed('linear', values),
      (linear as PromiseFulfilledResult<Float32Array>).value,
    ),
    undefined,
  )
})

t.test('an engine that is no good on the processor stays in this thread', async t => {
  process.env.PCM_ENGINE = 'js'
  t.teardown(() => delete process.env.PCM_ENGINE)
  const { embedder, description, close } = await openEmbedder(everyHead(), {
    device: 'cpu',
    threads: 1,
  })
  t.notOk(embedder instanceof EmbedderThread)
  t.match(description, /^js/)
  await close()
})

t.test('a core is left to reading and writing where they take as long as the arithmetic', t => {
  const layout = (size: { input: number; hidden: number; output: number }) =>
    layoutOf([
      { name: 'photo', head: headOf('residual-mlp'), size, dropout: 0, frozen: false },
      { name: 'class', head: headOf('embedding'), size, dropout: 0, frozen: false },
    ])
  const light = layout({ input: 512, hidden: 512, output: 256 })
  const heavy = layout({ input: 2048, hidden: 2048, output: 2048 })
  t.same([coresFor(light, 8), coresFor(light, 2), coresFor(light, 1)], [7, 1, 1])
  t.same([coresFor(heavy, 8), coresFor(heavy, 1)], [8, 1])
  t.end()
})

t.test(
  'reading and writing do not wait for TensorFlow.js, which only the thread needs',
  async t => {
    const modules = ['embed', 'open-embedder', 'model-stream'].map(
      name => new URL(`../../lib/coordinate/${name}.js`, import.meta.url).href,
    )
    const script = `
    for (const module of ${JSON.stringify(modules)}) await import(module)
    const { createRequire } = await import('node:module')
    const { cache } = createRequire('${modules[0]}')
    console.log(Object.keys(cache).filter(path => /@tensorflow|onnxruntime/.test(path)).length)`
    const { stdout } = await execa('node', ['--input-type=module', '--eval', script])
    t.equal(stdout, '0')
  },
)
