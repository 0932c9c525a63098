import fc from 'fast-check'
import t from 'tap'
import { readStream } from '../../lib/stream/read.js'
import { rebatch } from '../../lib/stream/rebatch.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from './memory.js'
import { FEW_ITEMS, item, type Item, sampleBytes } from './sample.js'

/** The stream written again in batches of `rows` rows. */
const rewritten = async (items: readonly Item[], cuts: readonly number[], rows: number) => {
  const input = await readStream(memorySource(await sampleBytes(items, cuts)))
  const sink = memorySink()
  const output = createStream(sink, input.schema)
  const sizes: number[] = []
  for await (const batch of rebatch(input, rows)) {
    sizes.push(batch.rows)
    await output.write({ rows: batch.rows, from: batch })
  }
  await output.finish()
  return { bytes: sink.bytes(), sizes }
}

t.test('the same rows in batches of one size, wherever they were cut', async t => {
  const items = fc.array(item, { minLength: 1, maxLength: 12 })
  const cuts = fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(items, cuts, fc.integer({ min: 1, max: 13 }), async (items, cuts, rows) => {
      const [whole, cut] = [await rewritten(items, [], rows), await rewritten(items, cuts, rows)]
      const last = items.length % rows
      const full = new Array<number>(Math.floor(items.length / rows)).fill(rows)
      t.same(cut.sizes, last ? [...full, last] : full)
      t.ok(Buffer.from(cut.bytes).equals(Buffer.from(whole.bytes)), 'the same bytes')
    }),
    { numRuns: 100 },
  )
})

t.test(
  'batches of the right size are not copied, and errors keep the row of the stream',
  async t => {
    const four = [...FEW_ITEMS, ...FEW_ITEMS]
    const input = await readStream(memorySource(await sampleBytes(four, [2])))
    const came: object[] = []
    const told = (async function* () {
      for await (const batch of input) {
        came.push(batch)
        yield batch
      }
    })()
    for await (const batch of rebatch(told, 2)) t.equal(batch, came.at(-1))
    const again = await readStream(memorySource(await sampleBytes(four, [1, 3])))
    const rows: number[] = []
    for await (const batch of rebatch(again, 4)) {
      t.equal(batch.firstRow, 0)
      rows.push(batch.rows)
    }
    t.same(rows, [4])
  },
)
