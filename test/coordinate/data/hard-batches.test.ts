import fc from 'fast-check'
import t from 'tap'
import { hardBatch } from '../../../lib/coordinate/data/hard-batches.js'
import { neighboursOf } from '../../../lib/coordinate/data/neighbours.js'
import { permutation } from '../../../lib/coordinate/random.js'
import { both } from '../../engine/compute.js'
import { reals } from '../../engine/numbers.js'
import { datasetOf, rowsFrom } from '../world.js'

t.teardown(async () => await both().onnx.dispose())

const DIM = 5

/** The same by plain loops over all rows. */
function nearest(features: Record<string, Float32Array>, rows: number[], lacks: Set<number>) {
  const cosine = (x: Float32Array, i: number, j: number): number => {
    const [a, b] = [i, j].map(r => x.subarray(r * DIM, (r + 1) * DIM)) as [
      Float32Array,
      Float32Array,
    ]
    let dot = 0
    for (let k = 0; k < DIM; k++) dot += a[k]! * b[k]!
    return dot / Math.hypot(...a) / Math.hypot(...b)
  }
  const alike = (i: number, j: number): number =>
    cosine(features.photo!, i, j) +
    (lacks.has(i) || lacks.has(j) ? 0 : cosine(features.text!, i, j))
  return rows.map(i =>
    rows
      .map((j, at) => ({ at, score: alike(i, j) }))
      .filter(({ at }) => rows[at] !== i)
      .sort((a, b) => b.score - a.score)
      .slice(0, 31)
      .map(({ at }) => at),
  )
}

t.test('neighbours are those of a plain loop, among the rows given', async t => {
  const features = { photo: reals(90 * DIM, 1, -1, 1), text: reals(90 * DIM, 2, -1, 1) }
  const data = datasetOf(features, DIM)
  const lacks = new Set([12, 13, 40])
  const text = data.modalities.text as { present: Uint8Array }
  for (const r of lacks) text.present[r] = 0
  const rows = rowsFrom(10, 80)
  const { near, pool } = await neighboursOf(data, rows, both().onnx)
  t.equal(pool, 31)
  const wanted = nearest(features, [...rows], lacks)
  for (const [i, places] of wanted.entries())
    t.same([...near.subarray(i * pool, (i + 1) * pool)], places, `row ${i}`)
  const few = await neighboursOf(data, rowsFrom(0, 4), both().onnx)
  t.equal(few.pool, 3, 'no more than there are')
})

t.test('a batch holds seeds with their neighbours, and no row twice', async t => {
  await fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 40 }),
      fc.integer({ min: 2, max: 8 }),
      fc.nat(),
      (rows, together, seed) => {
        const pool = Math.min(31, rows - 1)
        // Neighbours on a ring: the next ones.
        const near = Int32Array.from(
          { length: rows * pool },
          (_, i) => (Math.floor(i / pool) + 1 + (i % pool)) % rows,
        )
        const order = permutation(rows, seed)
        const batch = Math.max(together, Math.floor(rows / 2))
        for (let step = 0; step < Math.floor(rows / batch); step++) {
          const draw = { batch, together, step, sequence: seed + step }
          const places = hardBatch(order, { near, pool }, draw)
          if (places.length !== batch) throw new Error(`${places.length} rows, expected ${batch}`)
          if (new Set(places).size !== batch) throw new Error('a row is there twice')
          const first = order[step * Math.ceil(batch / together)]!
          if (places[0] !== first) throw new Error('the first seed is that of the order')
          if ([...places].some(row => row < 0 || row >= rows)) throw new Error('no row')
          const again = hardBatch(order, { near, pool }, draw)
          if (again.join() !== places.join()) throw new Error('it depends on more than the draw')
        }
      },
    ),
    { numRuns: 100, seed: 3 },
  )
  t.pass('100 orders')
})

t.test('those that come with a seed are near it', t => {
  const [rows, pool] = [100, 5]
  const near = Int32Array.from(
    { length: rows * pool },
    (_, i) => (Math.floor(i / pool) + 1 + (i % pool)) % rows,
  )
  const order = Int32Array.from({ length: rows }, (_, i) => (i * 37) % rows)
  const draw = { batch: 16, together: 4, step: 2, sequence: 9 }
  const places = hardBatch(order, { near, pool }, draw)
  for (let at = 0; at < 16; at += 4) {
    const seed = places[at]!
    for (const row of places.subarray(at + 1, at + 4))
      t.ok((row - seed + rows) % rows <= pool, `${row} comes with ${seed}`)
  }
  t.not(places.join(), hardBatch(order, { near, pool }, { ...draw, sequence: 10 }).join())
  t.end()
})
