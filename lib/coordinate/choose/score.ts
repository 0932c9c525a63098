import type { Engine } from '../../engine/types.js'
import { exactSimilarity } from '../../retrieve/exact-similarity.js'
import { relate } from '../../retrieve/relation.js'
import { tally } from '../../retrieve/tally.js'
import type { Dataset } from '../data/dataset.js'
import { stateOf } from '../embed.js'
import { Embedder } from '../embedder.js'
import type { Pair } from '../losses/loss.js'
import type { Model } from '../model.js'
import { embedSide, type Side } from '../validate.js'

/**
 * How well a model finds what belongs together among some rows of raw features: by row, the mean
 * reciprocal rank (METHODS 4.2, ties against it) of all its queries in both directions of the pairs; NaN
 * for rows without a query that has an answer. Reciprocal ranks tell models apart by far fewer rows
 * than hits do.
 */
export async function reciprocalRanks(
  engine: Engine,
  model: Model,
  data: Dataset,
  rows: Int32Array,
  pairs: readonly Pair[],
): Promise<Float64Array> {
  const state = engine.state(stateOf(model))
  const embedder = new Embedder(engine, model.layout, state, { raw: true })
  const sides = new Map<string, Side>()
  for (const name of new Set(pairs.flatMap(({ a, b }) => [a, b])))
    sides.set(name, await embedSide(name, data.modalities[name]!, rows, embedder))
  state.dispose()
  const at = new Map(Array.from(rows, (r, i) => [r, i]))
  const [sums, counts] = [new Float64Array(rows.length), new Float64Array(rows.length)]
  for (const pair of pairs) {
    const groups = data.groupings[data.grouping(pair)]!
    const [a, b] = [sides.get(pair.a)!, sides.get(pair.b)!]
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      for await (const { row, reciprocal } of answers(from, to, groups)) {
        sums[at.get(row)!]! += reciprocal
        counts[at.get(row)!]!++
      }
  }
  return sums.map((sum, i) => sum / counts[i]!)
}

async function* answers(from: Side, to: Side, groups: Int32Array) {
  if (from.vectors.count === 0 || to.vectors.count === 0) return
  const keysOf = (side: Side): Int32Array => side.rows.map(r => groups[r]!)
  const found = tally({
    queries: from.vectors,
    gallery: to.vectors,
    relevant: relate(keysOf(from), keysOf(to)),
    similarity: exactSimilarity(),
  })
  for await (const { query, greater, equal } of found)
    if (greater.length > 0)
      yield { row: from.rows[query]!, reciprocal: 1 / (1 + greater[0]! + equal[0]!) }
}

/** Mean over the rows that have a score; NaN where none has. */
export function mean(scores: Float64Array): number {
  const known = scores.filter(score => !Number.isNaN(score))
  return known.reduce((sum, score) => sum + score, 0) / known.length
}

/** By how much the first scores are higher, row by row, and the standard error of that. */
export function lead(a: Float64Array, b: Float64Array): { mean: number; error: number } {
  const differences = a.map((score, i) => score - b[i]!)
  const middle = mean(differences)
  const squares = differences.map(difference => (difference - middle) ** 2)
  const count = squares.filter(square => !Number.isNaN(square)).length
  return { mean: middle, error: Math.sqrt(mean(squares) / Math.max(1, count - 1)) }
}
