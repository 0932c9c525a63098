import fc from 'fast-check'
import t from 'tap'
import { openStream } from '../../lib/stream/read.js'
import { inspect } from '../../lib/streams/info.js'
import { infoRecord, infoTable } from '../../lib/streams/info-report.js'
import type { ModalityColumn } from '../../lib/stream/types.js'
import { type Features, fieldOf, idsOf, openFeatures, vectorsOf } from '../coordinate/features.js'
import { reals } from '../engine/numbers.js'
import { writeRows } from './rows.js'

/** Linear CKA of all pairs of a stream. */
async function ckaOf(modalities: Features['modalities'], rows: number) {
  const stream = await openFeatures({ rows, modalities, others: { id: idsOf(rows) } })
  return await inspect(stream, () => {}, { cka: true })
}

const first = async (x: Features['modalities'][number], y: typeof x, rows: number) =>
  (await ckaOf([x, y], rows)).cka![0]!.cka

const unitRows = (rows: [number, number][]): Float32Array =>
  Float32Array.from(rows.flatMap(([x, y]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)]))

t.test('the check value, made with NumPy', async t => {
  const u = unitRows([
    [1, 0],
    [0, 1],
    [1, 1],
  ])
  const v = unitRows([
    [1, 0.2],
    [0.3, 1],
    [1, 0.8],
  ])
  const found = await first(vectorsOf('u', 2, u), vectorsOf('v', 2, v), 3)
  t.ok(Math.abs(found! - 0.994595) < 1e-6, `${found}`)
})

/** By centred Gram matrices, row against row: tr(Kx Ky) / sqrt(tr(Kx Kx) tr(Ky Ky)). */
function byGrams(x: Float32Array, y: Float32Array, rows: number): number {
  const gram = (values: Float32Array): number[][] => {
    const dim = values.length / rows
    const mean = Array.from({ length: dim }, (_, j) => {
      let sum = 0
      for (let r = 0; r < rows; r++) sum += values[r * dim + j]! / rows
      return sum
    })
    const at = (r: number, j: number): number => values[r * dim + j]! - mean[j]!
    return Array.from({ length: rows }, (_, r) =>
      Array.from({ length: rows }, (_, s) =>
        mean.reduce((sum, _, j) => sum + at(r, j) * at(s, j), 0),
      ),
    )
  }
  const inner = (a: number[][], b: number[][]): number =>
    a.reduce((sum, row, r) => sum + row.reduce((part, value, s) => part + value * b[r]![s]!, 0), 0)
  const [a, b] = [gram(x), gram(y)]
  return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))
}

t.test(
  'it equals that by Gram matrices, and no turn, scale or shift of a side moves it',
  async t => {
    const shapes = fc.record({
      rows: fc.integer({ min: 3, max: 12 }),
      dims: fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 5 })),
      seed: fc.integer({ min: 1, max: 1e6 }),
      shift: fc.constantFrom(0, 100),
    })
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, dims: [p, q], seed, shift }) => {
        const [x, y] = [reals(rows * p, seed, -1, 1), reals(rows * q, seed + 1, -1, 1)]
        const wanted = byGrams(x, y, rows)
        const turned = x.map((value, i) => {
          const other = x[i % p === 0 ? i + 1 : i - 1]!
          if (i % p > 1) return 3 * value + shift
          return 3 * (0.6 * value + (i % p === 0 ? -0.8 : 0.8) * other) + shift
        })
        for (const side of [x, turned]) {
          const found = (await first(vectorsOf('x', p, side), vectorsOf('y', q, y), rows))!
          if (Math.abs(found - wanted) > 1e-4) throw new Error(`${found}, wanted ${wanted}`)
        }
      }),
      { numRuns: 25, seed: 11 },
    )
    t.pass('25 pairs')
  },
)

t.test('rows that lack a side do not count; of tokens an item has the mean', async t => {
  const x = reals(10, 1, -1, 1)
  const y = reals(10, 2, -1, 1)
  const plain = await first(vectorsOf('x', 2, x), vectorsOf('y', 2, y), 5)
  const padded = (values: Float32Array): Float32Array => Float32Array.of(9, 9, ...values, 9, 9)
  const lacking = (at: number) => Uint8Array.from({ length: 7 }, (_, r) => +(r !== at))
  const { cka } = await ckaOf(
    [vectorsOf('x', 2, padded(x), lacking(0)), vectorsOf('y', 2, padded(y), lacking(6))],
    7,
  )
  t.equal(cka![0]!.rows, 5)
  t.ok(Math.abs(cka![0]!.cka! - plain!) < 1e-12)
  // Every item as two tokens to both sides of its vector.
  const tokens: ModalityColumn = {
    ...{ layout: 'tokens', dim: 2, present: new Uint8Array(5).fill(1) },
    values: Float32Array.from({ length: 20 }, (_, i) => {
      const [item, token, j] = [Math.floor(i / 4), Math.floor(i / 2) % 2, i % 2]
      return x[2 * item + j]! + (token ? 0.5 : -0.5)
    }),
    offsets: Int32Array.of(0, 2, 4, 6, 8, 10),
  }
  const words = { field: fieldOf('words', { layout: 'tokens', dim: 2 }), column: tokens }
  const found = await first(words, vectorsOf('y', 2, y), 5)
  t.ok(Math.abs(found! - plain!) < 1e-6)
})

t.test('the most alike pair comes first; what does not vary is like nothing', async t => {
  const x = reals(12, 1, -1, 1)
  const found = await ckaOf(
    [
      vectorsOf('x', 2, x),
      vectorsOf('flat', 2, new Float32Array(12).fill(1)),
      vectorsOf(
        'twice',
        2,
        x.map(value => 2 * value),
      ),
    ],
    6,
  )
  t.match(infoTable(found), /linear CKA +rows with both +cka\n *x\+twice +6 +1\.0000\n/)
  t.match(infoTable(found), /x\+flat +6 +-/)
  t.match(infoRecord(found), { cka: [{ a: 'x', b: 'flat', rows: 6, cka: null }, {}, {}] })
})

t.test('it is said only where it is asked for', async t => {
  const path = await writeRows(t.testdir(), 'v', [{ id: 'a', x: [1, 2] }])
  t.notOk('cka' in infoRecord(await inspect(await openStream(path), () => {})))
})
