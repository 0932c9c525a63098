import fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { countByLoop } from '../../../lib/retrieve/count/count-by-loop.js'
import { marksOf } from '../../../lib/retrieve/count/marks.js'
import { ScoreMemory } from '../../../lib/retrieve/count/score-memory.js'
import { uniform } from '../../../lib/retrieve/similarity.js'
import { KERNEL, kernelModule } from './make-kernel.js'

t.test('the kernel is what kernel.wat says: npm run kernel makes it anew', async t => {
  t.equal(await readFile(KERNEL, 'utf8'), await kernelModule())
})

t.test('the kernel counts as a loop does, whatever the width of a row', async t => {
  const score = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 0.5, -0.5, 1))
  const world = fc.integer({ min: 1, max: 37 }).chain(entries =>
    fc.record({
      entries: fc.constant(entries),
      padding: fc.integer({ min: 0, max: 9 }),
      rows: fc.array(fc.array(score, { minLength: entries, maxLength: entries }), { minLength: 1 }),
      marks: fc.array(fc.record({ row: fc.nat(), score }), { maxLength: 20 }),
      slack: fc.constantFrom(0, 1e-3, 0.5),
    }),
  )
  fc.assert(
    fc.property(world, ({ entries, padding, rows, marks, slack }) => {
      const stride = entries + padding
      const memory = new ScoreMemory(rows.length, stride)
      // What is behind the entries is no score.
      memory.scores.fill(1e30)
      rows.forEach((row, at) => memory.scores.set(row, at * stride))
      const mine = () =>
        marksOf(
          marks.map(({ row, score }) => ({ row: row % rows.length, score })),
          uniform(slack),
        )
      const [counted, looped] = [mine(), mine()]
      const block = { firstEntry: 0, entries, stride, scores: memory.scores }
      memory.count(block, counted)
      countByLoop(block, looped)
      return `${counted.reaching}|${counted.clear}` === `${looped.reaching}|${looped.clear}`
    }),
    { numRuns: 1000, seed: 5 },
  )
  t.pass('1000 blocks')
})

t.test('more marks than are counted at once', t => {
  const memory = new ScoreMemory(3, 8)
  memory.scores.set([...Array(24).keys()])
  const marks = marksOf(
    Array.from({ length: 20000 }, (_, i) => ({ row: i % 3, score: i % 24 })),
    uniform(0),
  )
  memory.count({ entries: 8, stride: 8 }, marks)
  const wrong = [...marks.reaching.keys()].find(i => {
    const first = 8 * (i % 3)
    const above = Math.max(0, Math.min(8, first + 8 - (i % 24)))
    return marks.reaching[i] !== above
  })
  t.equal(wrong, undefined)
  t.end()
})

t.test('rounding a mark to float32 makes nothing certain that is not', t => {
  fc.assert(
    fc.property(fc.double({ min: -4, max: 4, noNaN: true }), score => {
      const { floors, ceilings } = marksOf([{ row: 0, score }], uniform(0))
      return floors[0]! <= score && score <= ceilings[0]!
    }),
  )
  t.end()
})
