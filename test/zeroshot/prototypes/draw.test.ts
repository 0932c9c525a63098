import fc from 'fast-check'
import t from 'tap'
import { Draw } from '../../../lib/zeroshot/prototypes/draw.js'

/** What is drawn of rows [class, id]; the vector of a row is its number. */
const drawn = (rows: readonly (readonly [string, string])[], n: number, seed = 0) => {
  const draw = new Draw(n, seed)
  rows.forEach(([name, id], row) => draw.add(name, Float64Array.of(row), id))
  return { short: draw.short(), rows: [...draw.rows()].map(({ name, unit }) => [name, unit[0]]) }
}

t.test(
  'every class gets n of its rows, or all it has; another order of rows changes nothing',
  t => {
    const row = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 1000 }))
    fc.assert(
      fc.property(
        fc.uniqueArray(row, { selector: ([, id]) => id, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        (pairs, n, seed) => {
          const rows = pairs.map(([name, id]) => [name, `${id}`] as const)
          const ids = (of: typeof rows) =>
            drawn(of, n, seed)
              .rows.map(([, row]) => of[row as number]!.join())
              .sort()
          const found = drawn(rows, n, seed)
          const sizes = [...new Set(rows.map(([name]) => name))].map(name => {
            const all = rows.filter(([other]) => other === name).length
            const got = found.rows.filter(([other]) => other === name).length
            return { wanted: Math.min(n, all), got, short: all < n }
          })
          return (
            sizes.every(({ wanted, got }) => wanted === got) &&
            found.short === sizes.filter(({ short }) => short).length &&
            `${ids(rows)}` === `${ids(rows.toReversed())}`
          )
        },
      ),
      { seed: 3, numRuns: 1000 },
    )
    t.end()
  },
)

t.test('the seed decides, and every row has the same chance', async t => {
  const rows = Array.from({ length: 10 }, (_, i) => ['a', `${i}`] as const)
  const counts = new Array(10).fill(0)
  for (let seed = 0; seed < 3000; seed++)
    for (const [, row] of drawn(rows, 3, seed).rows) counts[row as number]++
  // 900 expected, standard deviation 25.
  for (const count of counts) t.ok(count > 790 && count < 1010, `${count}`)
})
