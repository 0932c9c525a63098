import fc from 'fast-check'
import t from 'tap'
import { parseDirection } from '../../lib/retrieve/direction.js'
import { evaluate } from '../../lib/retrieve/evaluate.js'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { metricsOf } from '../../lib/retrieve/metric.js'
import { binaryCodes } from '../../lib/coordinate/binary-codes.js'
import type { RaggedColumn, VectorColumn } from '../../lib/stream/types.js'
import { reals } from '../engine/numbers.js'
import { others, table } from '../retrieve/vectors.js'
import { dot, rowsOf, total } from './derived.js'

/** Numbers of both signs for `rows` vectors. */
const column = (rows: number, dim: number, seed: number): VectorColumn => ({
  ...{ layout: 'vector', dim, present: new Uint8Array(rows).fill(1) },
  values: reals(rows * dim, seed, -1, 1),
})

t.test('cosines of codes are Hamming distances, and equal distances are equal cosines', t => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(1000), (dim, seed) => {
      const [raw, other] = [column(6, dim, seed), column(6, dim, seed + 1)]
      const codes = (of: VectorColumn): number[][] =>
        rowsOf((binaryCodes(of) as VectorColumn).values, dim)
      const [x, y] = [codes(raw), codes(other)]
      const bit = (of: VectorColumn, row: number, k: number): boolean =>
        of.values[row * dim + k]! >= 0
      const scores = new Map<number, Set<number>>()
      for (const [i, a] of x.entries())
        for (const [j, b] of y.entries()) {
          const places = [...Array(dim).keys()]
          const apart = places.filter(k => bit(raw, i, k) !== bit(other, j, k)).length
          const cosine = dot(a, b)
          if (Math.abs(cosine - (1 - (2 * apart) / dim)) > 1e-5) return false
          scores.set(apart, (scores.get(apart) ?? new Set()).add(cosine))
          // In another order of the numbers the same bits.
          if (dot(a.toReversed(), b.toReversed()) !== cosine) return false
        }
      return [...scores.values()].every(({ size }) => size === 1)
    }),
    { numRuns: 100, seed: 3 },
  )
  t.pass('100 sizes')
  t.end()
})

t.test('the sign of zero is plus; who lacks a modality has no code', t => {
  const made = binaryCodes({
    ...{ layout: 'vector', dim: 4, present: Uint8Array.of(1, 0) },
    values: Float32Array.of(0, -0.1, 3, -0, 0, 0, 0, 0),
  })
  t.same([...(made as VectorColumn).values], [0.5, -0.5, 0.5, 0.5, 0, 0, 0, 0])
  const views: RaggedColumn = {
    ...{ layout: 'views', dim: 4, present: Uint8Array.of(0, 1), offsets: Int32Array.of(0, 0, 2) },
    values: Float32Array.of(1, 1, 1, -1, -1, 1, 1, 1),
  }
  const { values, offsets } = binaryCodes(views) as RaggedColumn
  t.same([...values], [0.5, 0.5, 0.5, -0.5, -0.5, 0.5, 0.5, 0.5])
  t.equal(offsets, views.offsets)
  t.end()
})

t.test(
  'mean average precision by Hamming distance, what is level counted as wrong first',
  async t => {
    const [rows, dim] = [60, 7]
    const raw = { photo: column(rows, dim, 5), text: column(rows, dim, 6) }
    const label = Array.from({ length: rows }, (_, row) => row % 5)
    const given = table({
      photo: binaryCodes(raw.photo) as VectorColumn,
      text: binaryCodes(raw.text) as VectorColumn,
      ...others({ id: label.map((_, row) => `item ${row}`), label }),
    })
    const apart = (query: number, entry: number): number =>
      total(
        Array.from({ length: dim }, (_, k) =>
          Number(
            raw.photo.values[query * dim + k]! >= 0 !== raw.text.values[entry * dim + k]! >= 0,
          ),
        ),
      )
    const each = label.map((own, query) => {
      const distances = label.map((_, entry) => apart(query, entry))
      const right = distances.filter((_, entry) => label[entry] === own).sort((a, b) => a - b)
      const wrong = distances.filter((_, entry) => label[entry] !== own)
      const precisions = right.map(
        (own, i) => (i + 1) / (i + 1 + wrong.filter(other => other <= own).length),
      )
      return total(precisions) / right.length
    })
    const options = {
      ...{ metrics: metricsOf(['map'], []), ties: 'pessimistic' as const },
      similarity: exactSimilarity(),
    }
    const asked = { direction: parseDirection('photo>text', given.fields), relevance: 'label' }
    for await (const { measures } of evaluate(given, [asked], options))
      t.ok(Math.abs(measures.map! - total(each) / rows) < 1e-12, `${measures.map}`)
  },
)
