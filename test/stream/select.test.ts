import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ColumnDigest } from '../../lib/stream/digest.js'
import { gather, runsOf } from '../../lib/stream/arrow/gather.js'
import { readStream } from '../../lib/stream/read.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from './memory.js'
import {
  columnsOf,
  FEW_ITEMS,
  type Item,
  item,
  readAll,
  sampleBytes,
  sampleSchema,
} from './sample.js'

const NAMES = Object.keys(columnsOf([]).modalities)
const OTHERS = Object.keys(columnsOf([]).others)

const someItems = fc.array(item, { minLength: 1, maxLength: 10 })
const picks = fc.array(fc.nat(), { maxLength: 12 })

/** The only batch of a stream of these items. */
const batchOf = async (items: readonly Item[]) => {
  const stream = await readStream(memorySource(await sampleBytes(items)))
  for await (const batch of stream) return batch
  throw new Error('no batch')
}

t.test('selected rows are what picking items by hand gives, decoded or copied', async t => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(someItems, picks, async (items, picks) => {
        const rows = picks.map(pick => pick % items.length)
        const batch = (await batchOf(items)).select(Int32Array.from(rows))
        const expected = columnsOf(rows.map(row => items[row]!))
        for (const name of NAMES)
          assert.deepEqual(batch.modality(name), expected.modalities[name as 'photo'])
        for (const name of OTHERS) assert.deepEqual(batch.other(name), expected.others[name])
        const sink = memorySink()
        const stream = createStream(sink, sampleSchema())
        await stream.write({ rows: rows.length, from: batch })
        await stream.finish()
        const { collected } = await readAll(sink.bytes())
        assert.deepEqual(collected, { rows: rows.length, ...expected })
      }),
      { numRuns: 60, seed: 1 },
    ),
  )
})

t.test('absent rows become nulls, whatever the column', async t => {
  const batch = await batchOf(FEW_ITEMS)
  for (const name of [...NAMES, ...OTHERS]) {
    const column = gather(batch.cells(name), runsOf([0, -1, -1, 1]))
    t.equal(column.length, 4)
    t.equal(column.nulls, 2 + batch.cells(name).nulls)
    const back = gather(column, runsOf([0, 3]))
    const digest = (cells: typeof back) => {
      const running = new ColumnDigest(cells.form)
      running.update(cells)
      return running.value()
    }
    t.equal(digest(back), digest(batch.cells(name)), name)
  }
})
