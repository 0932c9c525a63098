import t from 'tap'
import { openPool } from '../../../lib/retrieve/pool/pool.js'
import { exactSimilarity } from '../../../lib/retrieve/exact-similarity.js'
import { relate } from '../../../lib/retrieve/relation.js'
import { collectTallies } from '../double-loop.js'
import { unit, vectors } from '../vectors.js'

const DIM = 24

let state = 11
const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
// Few directions, many of them the same: ties and near ties.
const directions = Array.from({ length: 300 }, () => unit(Array.from({ length: DIM }, draw)))
const many = (count: number) =>
  vectors(Array.from({ length: count }, () => directions[Math.floor((draw() + 0.5) * 300)]!))
const keys = (count: number) => Int32Array.from({ length: count }, () => Math.floor(draw() * 500))

t.test('threads count what one does, in the order of the queries', async t => {
  const pool = openPool({ cores: 2, dim: DIM })
  const task = {
    queries: many(2500),
    gallery: many(1500),
    relevant: relate(keys(2500), keys(1500)),
    excluded: relate(keys(2500), keys(1500)),
  }
  const similarity = exactSimilarity()
  const wanted = await collectTallies({ ...task, similarity })
  t.same(await collectTallies({ ...task, similarity: { ...similarity, pool } }), wanted)
  const few = { ...task, queries: { ...task.queries, count: 3 } }
  t.same(
    await collectTallies({ ...few, similarity: { ...similarity, pool } }),
    wanted.slice(0, 3),
    'a second task, with less work than threads',
  )
  await pool.close()
})

t.test('what fails in a thread fails here', async t => {
  const pool = openPool({ cores: 2, dim: DIM })
  const relevant = relate(keys(2), keys(2))
  const queries = many(2)
  const gallery = { count: 2, dim: 99999, values: new Float32Array(2 * 99999) }
  const task = { queries, gallery, relevant, similarity: { ...exactSimilarity(), pool } }
  await t.rejects(collectTallies(task))
  await pool.close()
})
