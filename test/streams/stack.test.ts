import fc from 'fast-check'
import t from 'tap'
import { readStream } from '../../lib/stream/read.js'
import { stackRows, type HeldRow } from '../../lib/stream/stack.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from '../stream/memory.js'
import { item, readAll, sampleBytes, type Item } from '../stream/sample.js'

const absent = (id: string): Item => ({
  id,
  photo: null,
  half: null,
  words: null,
  captions: null,
  nested: null,
  class: null,
  label: null,
  count: null,
  score: null,
  good: null,
})

t.test('rows of several batches become one batch, columns of every layout and type', async t => {
  const cases = fc
    .array(item, { minLength: 1, maxLength: 8 })
    .chain(items =>
      fc.tuple(
        fc.constant(items),
        fc.array(fc.integer({ min: -1, max: items.length - 1 }), { minLength: 1, maxLength: 12 }),
      ),
    )
  await fc.assert(
    fc.asyncProperty(cases, async ([items, picked]) => {
      const stream = await readStream(memorySource(await sampleBytes(items, [1, 3, 4])))
      const held: HeldRow[] = []
      for await (const batch of stream)
        for (let row = 0; row < batch.rows; row++) held.push({ batch, row })
      const stacked = stackRows(
        stream.nothing(),
        picked.map(at => held[at]),
      )
      const sink = memorySink()
      const ids = picked.map(at => items[at]?.id ?? '')
      const output = createStream(sink, stream.schema)
      const id = { layout: 'other' as const, values: ids }
      await output.write({ rows: stacked.rows, others: { id }, from: stacked })
      await output.finish()
      const expected = picked.map(at => items[at] ?? absent(''))
      t.same(
        (await readAll(sink.bytes())).collected,
        (await readAll(await sampleBytes(expected))).collected,
      )
    }),
    { seed: 7, numRuns: 60 },
  )
})
