import t from 'tap'
import fc from 'fast-check'
import { exactSimilarity } from '../../../lib/retrieve/exact-similarity.js'
import { effectiveRank, geometry, uniformity } from '../../../lib/retrieve/geometry/geometry.js'
import { relativeAlignment } from '../../../lib/retrieve/geometry/relative-alignment.js'
import { relate, type Relation } from '../../../lib/retrieve/relation.js'
import type { Vectors } from '../../../lib/retrieve/vectors.js'
import { unit, vectors } from '../vectors.js'
import { worstSimilarity } from '../worst-similarity.js'

const near = (a: number | null, b: number, by = 1e-6) => a !== null && Math.abs(a - b) < by
const between = (queries: Vectors, gallery: Vectors, relevant: Relation) =>
  geometry({ queries, gallery, relevant, similarity: exactSimilarity() }, 0)
const rows = (list: number[][]) => list.map(row => Float64Array.from(row))

t.test('gap and alignment have the check values of METHODS 7', async t => {
  const u = vectors([[1, 0], [0, 1], unit([1, 1])])
  const v = vectors([unit([1, 0.2]), unit([0.3, 1]), unit([1, 0.8])])
  const keys = Int32Array.from([0, 1, 2])
  const found = await between(u, v, relate(keys, keys))
  t.ok(near(found.alignment, 0.04514, 1e-6), `${found.alignment}`)
  const mean = (list: typeof u, i: number) =>
    (list.values[i]! + list.values[2 + i]! + list.values[4 + i]!) / 3
  t.ok(near(found.gap, Math.hypot(mean(u, 0) - mean(v, 0), mean(u, 1) - mean(v, 1))))
  const none = await between(u, v, relate(keys, Int32Array.from([7, 8, 9])))
  t.equal(none.alignment, null)
  t.equal(none.relativeAlignment, null)
})

t.test('uniformity is over pairs without the diagonal', async t => {
  t.equal(uniformity(rows([[1, 0]])), null)
  t.ok(
    near(
      uniformity(
        rows([
          [1, 0],
          [-1, 0],
        ]),
      ),
      -8,
    ),
  )
  t.ok(
    near(
      uniformity(
        rows([
          [1, 0],
          [1, 0],
          [0, 1],
        ]),
      ),
      Math.log((1 + 2 * Math.exp(-4)) / 3),
    ),
  )
})

t.test('effective rank: one line has 1, equal axes have the dimension', async t => {
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [1, 0, 0],
          [-1, 0, 0],
        ]),
      ),
      1,
    ),
  )
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
          [-1, 0, 0],
          [0, -1, 0],
          [0, 0, -1],
        ]),
      ),
      3,
    ),
  )
  t.ok(
    near(
      effectiveRank(
        rows([
          [1, 0, 0],
          [0, 1, 0],
        ]),
      ),
      2,
    ),
    'fewer vectors than dimensions',
  )
})

t.test('a gap is told apart, one cloud is not', async t => {
  const cloud = (shift: number, from: number) =>
    vectors(
      Array.from({ length: 300 }, (_, i) =>
        unit([
          shift,
          Math.sin((i + from) * 12.9898),
          Math.sin((i + from) * 78.233),
          Math.cos((i + from) * 3.7),
        ]),
      ),
    )
  const none = relate(new Int32Array(300).fill(-1), new Int32Array(300).fill(-1))
  t.equal((await between(cloud(1, 0), cloud(-1, 500), none)).separability, 1)
  const same = (await between(cloud(0.5, 0), cloud(0.5, 500), none)).separability!
  t.ok(same > 0.3 && same < 0.7, `${same}`)
})

t.test('relative alignment is that of a double loop, whatever rounds the scores', async () => {
  const key = fc.integer({ min: -1, max: 4 })
  const vector = fc
    .array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 })
    .filter(x => x.some(Boolean))
  const side = fc.array(fc.record({ key, vector }), { minLength: 1, maxLength: 12 })
  const cases = fc.asyncProperty(side, side, fc.boolean(), async (some, others, intra) => {
    const gallery = intra ? some : others
    const isSelf = (q: number, e: number) => intra && q === e
    const isRight = (q: number, e: number) => some[q]!.key >= 0 && some[q]!.key === gallery[e]!.key
    const units = (from: typeof some) => from.map(({ vector }) => unit(vector).map(Math.fround))
    const [left, right] = [units(some), units(gallery)]
    const distance = (q: number, e: number) =>
      2 - 2 * left[q]!.reduce((sum, x, i) => sum + x * right[e]![i]!, 0)
    const differences = some.flatMap((_, q) => {
      const candidates = [...gallery.keys()].filter(e => !isSelf(q, e))
      const wrong = candidates.filter(e => !isRight(q, e)).map(e => distance(q, e))
      if (wrong.length === 0) return []
      return candidates.filter(e => isRight(q, e)).map(e => distance(q, e) - Math.min(...wrong))
    })
    const keys = (from: typeof some) => Int32Array.from(from, ({ key }) => key)
    const places = Int32Array.from(some.keys())
    const found = await relativeAlignment({
      queries: vectors(left, 3),
      gallery: vectors(right, 3),
      relevant: relate(keys(some), keys(gallery)),
      ...(intra && { excluded: relate(places, places) }),
      similarity: worstSimilarity(1e-3),
    })
    const wanted = differences.reduce((a, b) => a + b, 0) / differences.length
    return differences.length === 0 ? found === null : near(found, wanted, 1e-12)
  })
  await fc.assert(cases, { numRuns: 500 })
})
