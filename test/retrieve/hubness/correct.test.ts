import fc from 'fast-check'
import t from 'tap'
import { exactSimilarity } from '../../../lib/retrieve/exact-similarity.js'
import {
  correct,
  CORRECTIONS,
  wideningOf,
  type Correction,
  type CorrectionTask,
} from '../../../lib/retrieve/hubness/correct.js'
import { evaluate } from '../../../lib/cli/options/pcm-eval.js'
import type { Vectors } from '../../../lib/retrieve/vectors.js'
import { unit, vectors } from '../vectors.js'

type Matrix = number[][]

const rows = ({ count, dim, values }: Vectors): Matrix =>
  Array.from({ length: count }, (_, i) => [...values.subarray(i * dim, (i + 1) * dim)])
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map(x => b.map(y => x.reduce((sum, each, i) => sum + each * y[i]!, 0)))
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
/** The best entry, and all that are level with it. */
const firsts = (row: number[]) => [...row.keys()].filter(i => row[i] === Math.max(...row))
const column = (matrix: Matrix, j: number) => matrix.map(row => row[j]!)

const BETA = [4, 2] as const
const RATE = [0.6, 0.3] as const

/** The scores as METHODS 3.6 and 3.7 write them, exponentials and all. */
const BY_HAND: Record<Correction, (s: Matrix, bq: Matrix, bg: Matrix, given: Matrix[]) => Matrix> =
  {
    is: (s, bq) => s.map(row => row.map((x, j) => inverted(x, column(bq, j), BETA[0]))),
    dis: (s, bq, bg, given) => {
      const hubs = new Set(bq.flatMap(firsts))
      return s.map((row, i) =>
        firsts(row).some(j => hubs.has(j)) ? BY_HAND.is(s, bq, bg, given)[i]! : row,
      )
    },
    dualis: (s, bq, bg) =>
      s.map(row =>
        row.map(
          (x, j) => inverted(x, column(bq, j), BETA[0]) * inverted(x, column(bg, j), BETA[1]),
        ),
      ),
    dualdis: (s, bq, bg) => {
      const byQueries = new Set(bq.flatMap(firsts))
      const byGallery = new Set(bg.flatMap(firsts))
      return s.map(row => {
        const one = firsts(row).some(j => byQueries.has(j))
        const two = firsts(row).some(j => byGallery.has(j))
        return row.map((x, j) => {
          if (!one && !two) return x
          const q = one ? inverted(x, column(bq, j), BETA[0]) : 1
          return q * (two ? inverted(x, column(bg, j), BETA[1]) : 1)
        })
      })
    },
    csls: (s, bq) =>
      s.map(row =>
        row.map((x, j) => {
          const near = column(bq, j)
            .sort((a, b) => b - a)
            .slice(0, 3)
          return 2 * x - sum(near) / near.length
        }),
      ),
    invgc: (_, bq, bg, [queries, gallery, queryBank, galleryBank]) => {
      const move = (a: Matrix, bank: Matrix, rate: number) => {
        const mean = sum(a.flat()) / (gallery!.length * bank.length)
        return gallery!.map((g, j) =>
          unit(
            g.map(
              (x, i) =>
                x - (rate / bank.length) * sum(bank.map((r, b) => (a[b]![j]! - mean) * r[i]!)),
            ),
          ),
        )
      }
      const one = move(bg, galleryBank!, RATE[0])
      const two = move(bq, queryBank!, RATE[1])
      return product(
        queries!,
        one.map((g, j) => unit(g.map((x, i) => x + two[j]![i]!))),
      )
    },
    localadj: (_, bq, bg, [queries, gallery, queryBank, galleryBank]) => {
      const move = (a: Matrix, bank: Matrix, rate: number) => {
        const k = Math.max(1, Math.floor(0.5 * bank.length))
        return gallery!.map((g, j) => {
          const least = column(a, j).sort((x, y) => y - x)[k - 1]!
          const pull = (i: number) =>
            sum(bank.map((r, b) => (a[b]![j]! >= least ? a[b]![j]! * r[i]! : 0)))
          return unit(g.map((x, i) => x - (rate / k) * pull(i)))
        })
      }
      const one = move(bg, galleryBank!, RATE[0])
      const two = move(bq, queryBank!, RATE[1])
      return product(
        queries!,
        one.map((g, j) => unit(g.map((x, i) => x + two[j]![i]!))),
      )
    },
  }

const inverted = (x: number, bank: number[], beta: number) =>
  Math.exp(beta * x) / sum(bank.map(each => Math.exp(beta * each)))

const ranking = (row: number[]) => [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b)

const coordinate = fc.double({ min: -1, max: 1, noNaN: true })
const some = (max: number) =>
  fc
    .array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: max })
    .filter(list => list.every(v => Math.hypot(...v) > 0.01))
    .map(list => vectors(list.map(unit), 3))

const settings = (correction: Correction) => ({
  correction,
  beta: BETA,
  rate: RATE,
  neighbours: 3,
  poolRate: 0.5,
})

const task = (given: Vectors[]): CorrectionTask => ({
  queries: given[0]!,
  gallery: given[1]!,
  queryBank: given[2]!,
  galleryBank: given[3]!,
  galleryKeys: {
    bank: Int32Array.from({ length: given[3]!.count }, (_, i) => i),
    gallery: Int32Array.from({ length: given[1]!.count }, (_, i) => -1 - i),
  },
  similarity: exactSimilarity(),
})

/** Ranks may trade places where scores differ by rounding only. */
const ranksAlike = (got: number[], wanted: number[]) =>
  ranking(got).every((entry, i) => {
    const other = ranking(wanted)[i]!
    return entry === other || Math.abs(wanted[entry]! - wanted[other]!) < 1e-5
  })

for (const correction of CORRECTIONS)
  t.test(`${correction} ranks as the formula does`, async t => {
    await fc.assert(
      fc.asyncProperty(some(6), some(9), some(8), some(8), async (...given) => {
        const corrected = await correct(task(given), settings(correction))
        t.equal(corrected.gallery.dim, 3 + wideningOf(correction))
        const got = product(rows(corrected.queries), rows(corrected.gallery))
        const [queries, gallery, queryBank, galleryBank] = given.map(rows) as [
          Matrix,
          Matrix,
          Matrix,
          Matrix,
        ]
        const wanted = BY_HAND[correction](
          product(queries, gallery),
          product(queryBank, gallery),
          product(galleryBank, gallery),
          [queries, gallery, queryBank, galleryBank],
        )
        return got.every((row, i) => ranksAlike(row, wanted[i]!))
      }),
      { numRuns: 150, seed: 11 },
    )
  })

t.test('a beta that would overflow gives numbers all the same', async t => {
  const one = vectors([
    [1, 0],
    [0, 1],
  ])
  const { gallery } = await correct(task([one, one, one, one]), {
    ...settings('is'),
    beta: [5000, 1],
  })
  t.ok(gallery.values.every(Number.isFinite))
})

t.test('an item of the bank is no neighbour of itself in the gallery (METHODS 3.7)', async t => {
  const gallery = vectors([
    [1, 0],
    [0, 1],
  ])
  const given = task([gallery, gallery, gallery, gallery])
  const keys = Int32Array.from([0, 1])
  const apart = await correct(
    { ...given, galleryKeys: { bank: keys, gallery: keys } },
    settings('dualis'),
  )
  // Over the other item alone the sum is exp(0); over the queries it is 1 + exp(4).
  const offset = (Math.log(1 + Math.exp(4)) + 0) / (BETA[0] + BETA[1])
  t.ok(Math.abs(-apart.gallery.values[2]! - apart.gallery.values[3]! - offset) < 1e-9)
})

t.test('the command line offers the corrections that there are', async t => {
  t.same(evaluate.options.correction.choices, CORRECTIONS)
})
