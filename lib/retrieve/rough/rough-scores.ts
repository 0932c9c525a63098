import type { IntegerProduct } from '../../engine/types.js'
import { ScoreMemory } from '../count/score-memory.js'
import { gamma } from '../rounding.js'
import type { Precision, RoughScores, ScoreBlock } from '../similarity.js'
import type { Vectors } from '../vectors.js'
import { codeQueries, type Coding, type GalleryCodes } from './codes.js'

/** After blocks that had to be scored again, so many at most are not scored roughly first. */
const MOST_SKIPPED = 32

/** Scores one block of a gallery in float32. */
export type FineBlock = (
  queries: Vectors,
  first: number,
  count: number,
  gallery: Vectors,
  firstEntry: number,
) => Promise<ScoreBlock>

/**
 * Scores from products of bytes: some times as quick as float32, and known to within the norms of
 * what the bytes leave out. Where too many are undecided by that, blocks are scored in float32, and
 * the next ones without asking.
 */
export const roughScores = (
  product: IntegerProduct,
  { rows, columns, dim }: { rows: number; columns: number; dim: number },
  fine: FineBlock,
): RoughScores => {
  const memory = new ScoreMemory(rows, columns)
  const left = new Uint8Array(rows * dim)
  const right = new Int8Array(columns * dim)
  let skip = 0
  let pause = 1
  return {
    columns,
    async *scores(queries, first, count, gallery) {
      const { codes } = gallery
      if (gallery.dim !== dim)
        throw new Error(`a gallery of ${gallery.dim} dimensions, expected ${dim}`)
      const { zero, most } = product
      const precision = precisionOf(
        codeQueries(queries, { first, count, zero, most }, left),
        codes,
        dim,
      )
      for (let firstEntry = 0; firstEntry < gallery.count; firstEntry += columns) {
        const finer = () => fine(queries, first, count, gallery, firstEntry)
        if (skip > 0) {
          skip--
          yield await finer()
          continue
        }
        // Engines do not take memory that threads share.
        right.set(codes.codes.subarray(firstEntry * dim, (firstEntry + columns) * dim))
        const scales = codes.scales.slice(firstEntry, firstEntry + columns)
        await product.run(left, right, scales, memory.scores)
        const entries = Math.min(columns, gallery.count - firstEntry)
        const found = { firstEntry, entries, stride: columns, scores: memory.scores, precision }
        let asked = false
        yield {
          ...found,
          count: marks => memory.count(found, marks),
          finer() {
            asked = true
            return finer()
          },
        }
        if (asked) {
          skip = pause
          pause = Math.min(2 * pause, MOST_SKIPPED)
        } else pause = 1
      }
    },
  }
}

/**
 * For q = a codes + r and e = b codes + s: |q e - (a codes)(b codes)| <= |r| |e| + |a codes| |s|, and
 * |a codes| <= |q| + |r|. Besides, the product of bytes is rounded twice to float32, and dot.ts to
 * float64.
 */
const precisionOf = (queries: readonly Coding[], gallery: GalleryCodes, dim: number): Precision => {
  const slacks = queries.map(({ norm, rest }) => {
    const [coded, entry] = [norm + rest, gallery.norm + gallery.rest]
    const left = rest * gallery.norm + coded * gallery.rest
    return (left + coded * entry * (TWICE + gamma(dim, FLOAT64))) * (1 + 2 ** -40)
  })
  return { unit: q => queries[q]!.scale, slack: q => slacks[q]! }
}

const TWICE = 2 ** -22
const FLOAT64 = 2 ** -53
