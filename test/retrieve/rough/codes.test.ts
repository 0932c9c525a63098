import fc from 'fast-check'
import t from 'tap'
import { codeGallery, codeQueries } from '../../../lib/retrieve/rough/codes.js'
import type { Vectors } from '../../../lib/retrieve/vectors.js'

const number = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -2, max: 2 }),
  fc.constantFrom(0, -0, 1, -1, 2 ** -140, 1e30),
)
const some = fc.integer({ min: 1, max: 9 }).chain(dim =>
  fc
    .array(fc.array(number, { minLength: dim, maxLength: dim }), { minLength: 1, maxLength: 7 })
    .map((rows): Vectors => ({
      count: rows.length,
      dim,
      values: Float32Array.from(rows.flat()),
    })),
)

/** The norm of a vector minus scale * codes, and of the vector. */
const norms = ({ dim, values }: Vectors, row: number, scale: number, codes: number[]) => {
  const x = [...values.subarray(row * dim, (row + 1) * dim)]
  return { norm: Math.hypot(...x), rest: Math.hypot(...x.map((v, i) => v - scale * codes[i]!)) }
}

t.test('a vector is no further from its codes than they say', t => {
  fc.assert(
    fc.property(some, fc.constantFrom(63, 127), (queries, most) => {
      const { count, dim } = queries
      const into = new Uint8Array((count + 1) * dim)
      const codings = codeQueries(queries, { first: 0, count, zero: most + 1, most }, into)
      return codings.every(({ scale, norm, rest }, q) => {
        const codes = [...into.subarray(q * dim, (q + 1) * dim)].map(code => code - most - 1)
        const real = norms(queries, q, scale, codes)
        const kept = Math.max(...codes.map(Math.abs)) <= most && scale === Math.fround(scale)
        return kept && scale > 0 && real.norm <= norm && real.rest <= rest
      })
    }),
    { numRuns: 2000, seed: 11 },
  )
  t.end()
})

t.test('a gallery lies in blocks, number by number, and its norms are the largest', t => {
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 4 }), (gallery, columns) => {
      const { count, dim } = gallery
      const { codes, scales, norm, rest } = codeGallery(gallery, columns)
      const at = (entry: number, i: number) =>
        codes[(Math.floor(entry / columns) * dim + i) * columns + (entry % columns)]!
      return Array.from({ length: count }, (_, e) => {
        const one = Array.from({ length: dim }, (_, i) => at(e, i))
        const real = norms(gallery, e, scales[e]!, one)
        return real.norm <= norm && real.rest <= rest
      }).every(Boolean)
    }),
    { numRuns: 1000, seed: 12 },
  )
  t.end()
})
