import t from 'tap'
import { exactSimilarity } from '../../../lib/retrieve/exact-similarity.js'
import { hubness, occurrences } from '../../../lib/retrieve/hubness/occurrence.js'
import { relate } from '../../../lib/retrieve/relation.js'
import { unit, vectors } from '../vectors.js'

t.test('skewness counts what is never retrieved (METHODS 7; pitfall 7)', async t => {
  const found = hubness(Float64Array.from([3, 0, 0, 1, 2]), 10)!
  t.ok(Math.abs(found.skewness - 0.363173) < 1e-6, `${found.skewness}`)
  t.equal(found.antihub, 40)
  t.equal(found.max, 3)
  t.ok(Math.abs(found.robinHood - (0.5 * (1.8 + 1.2 + 1.2 + 0.2 + 0.8)) / 6) < 1e-12)
  t.equal(hubness(Float64Array.from([2, 2]), 1)!.skewness, 0)
  t.equal(hubness(new Float64Array(3), 1), null)
})

const similarity = exactSimilarity()
const queries = vectors([[1, 0], unit([1, 1]), unit([1, 2]), [0, 1]])

t.test('occurrences: every query gives k, whoever is level shares the places left', async t => {
  const gallery = vectors([
    [1, 0],
    [0, 1],
    [0, 1],
    [-1, 0],
  ])
  // [1,0]: 0. The diagonal: 0, 1 and 2 are level. The others: 1 and 2 are.
  const counts = await occurrences({ queries, gallery, similarity }, 1)
  ;[1 + 1 / 3, 1 + 1 / 3, 1 + 1 / 3, 0].forEach((wanted, i) =>
    t.ok(Math.abs(counts[i]! - wanted) < 1e-12, `${counts[i]}`),
  )
  const two = await occurrences({ queries, gallery, similarity }, 2)
  t.ok(Math.abs(two.reduce((a, b) => a + b) - 8) < 1e-12)
  t.same([...(await occurrences({ queries, gallery, similarity }, 9))], [4, 4, 4, 4])
})

t.test('within a modality nobody is its own neighbour', async t => {
  const keys = Int32Array.from([0, 1, 2, 3])
  const counts = await occurrences({ queries, gallery: queries, similarity }, 1, relate(keys, keys))
  t.same([...counts], [0, 2, 2, 0])
})
