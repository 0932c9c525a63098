import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readStream } from '../../lib/stream/read.js'
import { createStream, rowsPerBatch } from '../../lib/stream/write.js'
import { memorySink, memorySource } from './memory.js'
import { columnsOf, FEW_ITEMS, item, readAll, sampleBytes, sampleSchema } from './sample.js'

const items = fc.array(item, { maxLength: 12 })
const someItems = fc.array(item, { minLength: 1, maxLength: 12 })
const cuts = fc.array(fc.nat({ max: 12 }), { maxLength: 4 })

t.test('what is written is read back: every layout, nulls, Float16, any cut', async t => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        items,
        cuts,
        fc.integer({ min: 1, max: 500 }),
        async (items, cuts, chunk) => {
          const { collected } = await readAll(await sampleBytes(items, cuts), chunk)
          assert.deepEqual(collected, { rows: items.length, ...columnsOf(items) })
        },
      ),
      { numRuns: 100, seed: 1 },
    ),
  )
})

t.test('digests depend on the rows, not on the batches they come in', async t => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(items, cuts, async (items, cuts) => {
        const whole = await readAll(await sampleBytes(items))
        const pieces = await readAll(await sampleBytes(items, cuts))
        assert.deepEqual(pieces.summary, whole.summary)
      }),
      { numRuns: 50, seed: 2 },
    ),
  )
})

t.test('a column that changes in one value has another digest', async t => {
  const before = await readAll(await sampleBytes(FEW_ITEMS))
  const changed = FEW_ITEMS.map((item, i) => (i === 0 ? { ...item, label: 'other' } : item))
  const after = await readAll(await sampleBytes(changed))
  t.not(after.summary.digests.label, before.summary.digests.label)
  t.equal(after.summary.digests.photo, before.summary.digests.photo)
})

t.test('the schema is read back: words, unknown keys, provenance, order', async t => {
  const { schema } = await readAll(await sampleBytes([]))
  const others = schema.others.map(({ arrow: _, ...field }) => field)
  t.strictSame({ ...schema, others }, sampleSchema())
})

t.test('a stream without rows is sound', async t => {
  const { collected, summary } = await readAll(await sampleBytes([]))
  t.equal(collected.rows, 0)
  t.equal(summary.rows, 0)
})

t.test('columns that are not given are copied: same bytes as before', async t => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(someItems, cuts, async (items, cuts) => {
        const bytes = await sampleBytes(items, cuts)
        const input = await readStream(memorySource(bytes))
        const sink = memorySink()
        const output = createStream(sink, input.schema)
        for await (const batch of input) await output.write({ rows: batch.rows, from: batch })
        await output.finish()
        const again = sink.bytes()
        assert.deepEqual(again, bytes)
      }),
      { numRuns: 30, seed: 3 },
    ),
  )
})

t.test('equal content gives equal bytes', async t => {
  t.strictSame(await sampleBytes(FEW_ITEMS, [1]), await sampleBytes(FEW_ITEMS, [1]))
})

t.test('what the last program had read is filled in at the end', async t => {
  const inputs = [{ name: 'items.csv', rows: 2, digests: {} }]
  const { schema, summary } = await readAll(await sampleBytes(FEW_ITEMS, [], inputs))
  t.strictSame(summary.inputs, inputs)
  t.strictSame(schema.provenance.at(-1)?.inputs, inputs)
})

t.test('an aborted stream has no end marker', async t => {
  const sink = memorySink()
  const stream = createStream(sink, sampleSchema())
  await stream.write({ rows: 2, ...columnsOf(FEW_ITEMS) })
  await stream.abort()
  t.equal(sink.state, 'aborted')
  await t.rejects(readAll(sink.bytes()), { message: /upstream ended early/, exit: 65 })
})

t.test('values are views of the message, aligned', async t => {
  const input = await readStream(memorySource(await sampleBytes(FEW_ITEMS)))
  for await (const batch of input) {
    const photo = batch.modality('photo')
    const words = batch.modality('words')
    if (photo.layout !== 'vector' || words.layout !== 'tokens') return t.fail('other layouts')
    t.equal(photo.values.buffer, words.values.buffer)
  }
})

t.test('record batches have 4 to 32 MB', async t => {
  const [photo] = sampleSchema().modalities
  for (const dim of [64, 512, 4096, 100_000]) {
    const schema = { ...sampleSchema(), modalities: [{ ...photo!, dim }], others: [] }
    const bytes = rowsPerBatch(schema) * dim * 4
    t.ok(bytes >= 4e6 && bytes <= 32e6, `${dim} numbers a row: ${bytes} bytes`)
  }
})
