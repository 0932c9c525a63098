import fc from 'fast-check'
import t from 'tap'
import { openJoin } from '../../lib/streams/join.js'
import { rowsOf, schemaOf, writeRows, type Row } from './rows.js'

const MEMORY = 1e6

/** The join as one would write it without a thought for memory. */
function naive(a: readonly Row[], b: readonly Row[]) {
  const rest = [...b]
  const rows = a.map(({ id, x, label }) => {
    const at = rest.findIndex(row => row.id === id)
    const other = at < 0 ? undefined : rest.splice(at, 1)[0]!
    return { id, label: label ?? other?.label ?? null, a: x, b: other?.x ?? null }
  })
  return [...rows, ...rest.map(({ id, x, label }) => ({ id, label: label ?? null, a: null, b: x }))]
}

const rows = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'é'),
    x: fc.option(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))),
    label: fc.option(fc.constant('same')),
  }),
  { maxLength: 12 },
)

t.test('the join is the naive one, whatever is missing, repeated or disordered', async t => {
  const folder = t.testdir()
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 5 }), async (a, b, size) => {
      const paths = [await writeRows(folder, 'a', a, { size }), await writeRows(folder, 'b', b)]
      const join = await openJoin(paths, { where: [], memory: MEMORY })
      t.same(await rowsOf(join.batches(), ['a', 'b']), naive(a, b))
      t.same(
        join.summaries().map(({ rows }) => rows),
        [a.length, b.length],
      )
    }),
    { seed: 4, numRuns: 60 },
  )
})

t.test('three streams; conditions are met by the joined rows', async t => {
  const folder = t.testdir()
  const paths = [
    await writeRows(folder, 'a', [{ id: '1', x: [1, 1] }]),
    await writeRows(folder, 'b', [{ id: '2', x: [2, 2], label: 'l' }]),
    await writeRows(folder, 'c', [
      { id: '2', x: [3, 3] },
      { id: '1', x: [4, 4], label: 'k' },
    ]),
  ]
  const where = [{ column: 'label', values: new Set(['l']) }]
  const all = await openJoin(paths, { where: [], memory: MEMORY })
  t.same(await rowsOf(all.batches(), ['a', 'b', 'c']), [
    { id: '1', label: 'k', a: [1, 1], b: null, c: [4, 4] },
    { id: '2', label: 'l', a: null, b: [2, 2], c: [3, 3] },
  ])
  t.equal(all.incomplete(), 2)
  const some = await openJoin(paths, { where, memory: MEMORY })
  t.same(await rowsOf(some.batches(), ['a', 'b', 'c']), [
    { id: '2', label: 'l', a: null, b: [2, 2], c: [3, 3] },
  ])
})

t.test('rows in one order hardly wait; disorder is refused beyond --memory', async t => {
  const folder = t.testdir()
  const many: Row[] = Array.from({ length: 600 }, (_, at) => ({ id: `${at}`, x: [at, 1] }))
  const memory = 20_000
  const a = await writeRows(folder, 'a', many, { size: 50 })
  const ordered = await openJoin([a, await writeRows(folder, 'b', many, { size: 20 })], {
    where: [],
    memory,
  })
  t.equal((await rowsOf(ordered.batches(), ['a', 'b'])).length, 600)
  const reversed = await writeRows(folder, 'b', many.toReversed(), { size: 20 })
  const join = await openJoin([a, reversed], { where: [], memory })
  await t.rejects(rowsOf(join.batches(), ['a', 'b']), { exit: 65, message: /--memory/ })

  // One row in twenty waits to the end: few bytes, though every batch has one of them.
  const some = many.filter((_, at) => at % 20 !== 0)
  const gaps = await openJoin(
    [await writeRows(folder, 'a', some), await writeRows(folder, 'b', many, { size: 20 })],
    { where: [], memory },
  )
  const joined = await rowsOf(gaps.batches(), ['a', 'b'])
  t.equal(joined.length, 600)
  t.same(
    joined.slice(-2).map(({ id }) => id),
    ['560', '580'],
    'what the first lacks comes last, in order',
  )
})

t.test('what cannot be joined is refused with both names', async t => {
  const folder = t.testdir()
  const a = await writeRows(folder, 'a', [{ id: '1', x: null, label: 'cat' }])
  const b = await writeRows(folder, 'b', [{ id: '1', x: null, label: 'dog' }])
  const again = await writeRows(folder, 'a', [])
  const embeddings = await writeRows(folder, 'c', [], {
    schema: schemaOf('c', { content: 'embeddings' }),
  })
  const options = { where: [], memory: MEMORY }
  await t.rejects(openJoin([a, again], options), { exit: 65, message: /modality 'a' is in/ })
  await t.rejects(openJoin([a, embeddings], options), { exit: 65, message: /embeddings/ })
  const join = await openJoin([a, b], options)
  await t.rejects(rowsOf(join.batches(), ['a', 'b']), {
    exit: 65,
    message: /column 'label': id '1' has 'dog', and 'cat' in/,
  })
})
