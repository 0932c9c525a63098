import t from 'tap'
import type { Dataset } from '../../../lib/coordinate/data/dataset.js'
import { standardise, statisticsOf } from '../../../lib/coordinate/data/standardise.js'
import { plainStatistics, standardiseAll } from '../../../lib/coordinate/data/standardise-all.js'
import type { Vectors } from '../../../lib/coordinate/data/vectors.js'
import { reals } from '../../engine/numbers.js'

const plain = (rows: number, dim: number, values: Float32Array): Vectors => ({
  dim,
  values,
  offsets: Int32Array.from({ length: rows + 1 }, (_, i) => i),
  present: new Uint8Array(rows).fill(1),
  views: false,
})

const rowsTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

t.test('training rows come out with mean 0 and deviation 1, by their own statistics', async t => {
  const vectors = plain(50, 3, reals(150, 1, 2, 9))
  const train = rowsTo(40)
  const statistics = statisticsOf(vectors, train)
  standardise(vectors, statistics)
  for (let j = 0; j < 3; j++) {
    const column = Array.from(train, r => vectors.values[r * 3 + j]!)
    const mean = column.reduce((a, b) => a + b, 0) / 40
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / 40
    t.ok(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-5, `${mean}, ${variance}`)
  }
})

t.test('rows outside the training set have no say, whatever they hold', async t => {
  const values = reals(60, 2)
  const train = rowsTo(20)
  const before = statisticsOf(plain(30, 2, values), train)
  const other = values.map((x, i) => (i < 40 ? x : 1e6))
  t.same(statisticsOf(plain(30, 2, other), train), before)
})

t.test('a column that does not vary keeps its scale', async t => {
  const vectors = plain(4, 2, Float32Array.of(7, 1, 7, 2, 7, 3, 7, 4))
  const statistics = statisticsOf(vectors, rowsTo(4))
  t.equal(statistics.deviation[0], 1)
  standardise(vectors, statistics)
  t.same(
    [0, 1, 2, 3].map(r => vectors.values[2 * r]),
    [0, 0, 0, 0],
  )
  t.ok(vectors.values.every(Number.isFinite))
})

t.test('absent rows do not count, and become the mean', async t => {
  const vectors = plain(4, 1, Float32Array.of(1, 100, 3, 0))
  vectors.present[1] = 0
  const statistics = statisticsOf(vectors, rowsTo(4))
  t.ok(Math.abs(statistics.mean[0]! - 4 / 3) < 1e-6)
  standardise(vectors, statistics)
  t.equal(vectors.values[1], 0)
})

t.test('every view counts', async t => {
  const vectors: Vectors = {
    dim: 1,
    values: Float32Array.of(1, 2, 3, 10),
    offsets: Int32Array.of(0, 3, 4),
    present: Uint8Array.of(1, 1),
    views: true,
  }
  t.equal(statisticsOf(vectors, rowsTo(2)).mean[0], 4)
})

t.test('far from zero nothing is lost', async t => {
  const vectors = plain(
    1000,
    1,
    reals(1000, 5, 0, 1).map(x => x + 4096),
  )
  const { deviation } = statisticsOf(vectors, rowsTo(1000))
  t.ok(Math.abs(deviation[0]! - Math.sqrt(1 / 12)) < 0.01, `${deviation[0]}`)
})

t.test('no training row at all is no reason for NaN', async t => {
  const statistics = statisticsOf(plain(2, 2, Float32Array.of(1, 2, 3, 4)), new Int32Array(0))
  t.match(statistics, { mean: [0, 0], deviation: [1, 1] })
})

t.test('statistics that are known are used, and codes have none', async t => {
  const data: Dataset = {
    rows: 2,
    modalities: {
      photo: { type: 'vectors', ...plain(2, 1, Float32Array.of(1, 3)) },
      text: { type: 'vectors', ...plain(2, 1, Float32Array.of(1, 3)) },
      class: {
        type: 'codes',
        categories: 2,
        codes: Int32Array.of(0, 1),
        present: Uint8Array.of(1, 1),
      },
    },
    groupings: {},
    grouping: () => 'id',
  }
  t.same(Object.keys(plainStatistics(data, () => true)), ['photo', 'text'])
  const known = { photo: { mean: Float32Array.of(1), deviation: Float32Array.of(4) } }
  const used = standardiseAll(data, rowsTo(2), known)
  t.same(Object.keys(used), ['photo', 'text'])
  t.equal(used.photo, known.photo)
  t.match(data.modalities, { photo: { values: [0, 0.5] }, text: { values: [-1, 1] } })
})
