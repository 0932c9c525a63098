import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { openSink } from '../../lib/stream/sink.js'
import { type Parameter, readModel, writeModel } from '../../lib/stream/model.js'

const parameter: fc.Arbitrary<Parameter> = fc
  .tuple(fc.string(), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }), fc.integer())
  .map(([name, shape, seed]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return { name, shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(seed + i)) }
  })

const parameters = fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 6 })

const record = { pn: 'pcm-train', vn: '0', cl: '' }

t.test('a model is read back as it was written', async t => {
  const path = `${t.testdir()}/m.arrows`
  await t.resolves(
    fc.assert(
      fc.asyncProperty(parameters, async parameters => {
        const metadata = { 'pcm.heads': '{"photo":"linear"}', other: 'x' }
        await writeModel(await openSink(path, { binary: true }), {
          parameters,
          metadata,
          provenance: [record],
        })
        const model = await readModel(path)
        assert.deepEqual([...model.parameters.values()], parameters)
        assert.deepEqual(Object.fromEntries(model.metadata), metadata)
        assert.deepEqual(model.provenance, [record])
        assert.equal(model.summary.rows, parameters.length)
      }),
      { numRuns: 40, seed: 1 },
    ),
  )
})

const written = async (path: string, ...parameters: Parameter[]) => {
  const model = { parameters, metadata: {}, provenance: [record] }
  await writeModel(await openSink(path, { binary: true }), model)
  return path
}

t.test('a model that cannot be right is refused, with the parameter', async t => {
  const path = `${t.testdir()}/m.arrows`
  const w = (shape: number[], ...data: number[]): Parameter => ({
    name: 'w',
    shape,
    data: Float32Array.from(data),
  })
  const refused = async (message: string, ...parameters: Parameter[]) =>
    t.rejects(readModel(await written(path, ...parameters)), {
      exit: 65,
      message: `${path}: ${message}`,
    })
  await refused("parameter 'w': shape [2] needs 2 numbers, found 1", w([2], 1))
  await refused("parameter 'w': shape [-1,-1] needs 1 numbers, found 1", w([-1, -1], 1))
  await refused("parameter 'w': data: value 1 is NaN, expected a finite number", w([2], 1, NaN))
  await refused("two parameters 'w'", w([1], 1), w([1], 1))
})

t.test('features are no model', async t => {
  const { sampleBytes } = await import('./sample.js')
  const dir = t.testdir({ 'f.arrows': Buffer.from(await sampleBytes([])) })
  await t.rejects(readModel(`${dir}/f.arrows`), {
    exit: 65,
    message: `${dir}/f.arrows: a stream of features, expected model`,
  })
})
