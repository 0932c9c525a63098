import type { Engine } from '../../engine/types.js'
import { exactSimilarity } from '../../retrieve/exact-similarity.js'
import { positionsOf } from '../../retrieve/measures.js'
import { metricsOf } from '../../retrieve/metric.js'
import { relate } from '../../retrieve/relation.js'
import { tally } from '../../retrieve/tally.js'
import type { Dataset } from '../data/dataset.js'
import { stateOf } from '../embed.js'
import { Embedder } from '../embedder.js'
import type { Pair } from '../losses/loss.js'
import type { Model } from '../model.js'
import { embedSide, type Side } from '../validate.js'

export interface Scores {
  /**
   * By direction (`photo>text`) and row, the mean average precision of the queries that the row has;
   * NaN for a row without a query that has an answer.
   */
  directions: Readonly<Record<string, Float64Array>>
  /** By row, what it shares its answers with: its group under the widest grouping of the pairs. */
  groups: Int32Array
}

/**
 * How well a model finds what belongs together among some rows of raw features: average precision
 * (METHODS 4.3, ties against it) in both directions of the pairs. With one answer a query that is the
 * reciprocal rank, which tells models apart by far fewer rows than hits do; with many, as of a label,
 * all of them count and not only the first.
 */
export async function scoresOf(
  engine: Engine,
  model: Model,
  data: Dataset,
  rows: Int32Array,
  pairs: readonly Pair[],
): Promise<Scores> {
  const state = engine.state(stateOf(model))
  const embedder = new Embedder(engine, model.layout, state, { raw: true })
  const sides = new Map<string, Side>()
  for (const name of new Set(pairs.flatMap(({ a, b }) => [a, b])))
    sides.set(name, await embedSide(name, data.modalities[name]!, rows, embedder))
  state.dispose()
  const directions: Record<string, Float64Array> = {}
  for (const pair of pairs) {
    const groups = data.groupings[data.grouping(pair)]!
    for (const [from, to] of [
      [pair.a, pair.b],
      [pair.b, pair.a],
    ] as const)
      directions[`${from}>${to}`] = await precisions(sides.get(from)!, sides.get(to)!, groups, rows)
  }
  return { directions, groups: widest(data, rows, pairs) }
}

const widest = (data: Dataset, rows: Int32Array, pairs: readonly Pair[]): Int32Array => {
  const groupings = pairs.map(pair => rows.map(r => data.groupings[data.grouping(pair)]![r]!))
  return groupings.reduce((a, b) => (new Set(b).size < new Set(a).size ? b : a))
}

const [MAP] = metricsOf(['map'], [])

async function precisions(
  from: Side,
  to: Side,
  groups: Int32Array,
  rows: Int32Array,
): Promise<Float64Array> {
  const [sums, counts] = [new Float64Array(rows.length), new Float64Array(rows.length)]
  const at = new Map(Array.from(rows, (r, i) => [r, i]))
  const keysOf = (side: Side): Int32Array => side.rows.map(r => groups[r]!)
  const found = tally({
    queries: from.vectors,
    gallery: to.vectors,
    relevant: relate(keysOf(from), keysOf(to)),
    similarity: exactSimilarity(),
  })
  if (from.vectors.count > 0 && to.vectors.count > 0)
    for await (const answer of found) {
      if (answer.greater.length === 0) continue
      const row = at.get(from.rows[answer.query]!)!
      sums[row]! += MAP!.of(positionsOf(answer, 'pessimistic'))
      counts[row]!++
    }
  return sums.map((sum, i) => sum / counts[i]!)
}

/** By row, the mean over the directions in which it has a score. */
export function overall({ directions }: Scores): Float64Array {
  const all = Object.values(directions)
  return all[0]!.map((_, row) => mean(Float64Array.from(all, of => of[row]!)))
}

/** Mean over the rows that have a score; NaN where none has. */
export function mean(scores: Float64Array): number {
  const known = scores.filter(score => !Number.isNaN(score))
  return known.reduce((sum, score) => sum + score, 0) / known.length
}

/**
 * By how much the first scores are higher, row by row, and the standard error of that. Rows of a
 * group have the same answers, and so count as one observation (METHODS 4.10).
 */
export function lead(
  a: Float64Array,
  b: Float64Array,
  groups: Int32Array,
): { mean: number; error: number } {
  const differences = a.map((score, row) => score - b[row]!)
  const middle = mean(differences)
  const sums = new Map<number, number>()
  let rows = 0
  differences.forEach((difference, row) => {
    if (Number.isNaN(difference)) return
    sums.set(groups[row]!, (sums.get(groups[row]!) ?? 0) + difference - middle)
    rows++
  })
  const squares = [...sums.values()].reduce((total, sum) => total + sum ** 2, 0)
  const observed = sums.size / Math.max(1, sums.size - 1)
  return { mean: middle, error: Math.sqrt(squares * observed) / rows }
}

/** By how much one model is better over all directions. */
export const leadOverall = (a: Scores, b: Scores): { mean: number; error: number } =>
  lead(overall(a), overall(b), a.groups)

/** So many standard errors are more than chance, but for one time in forty. */
const ERRORS = 2

/**
 * Whether the first of two models is better beyond doubt: by more than two standard errors over all
 * directions, and by as much worse in none.
 */
export function isClearlyBetter(a: Scores, b: Scores): boolean {
  const all = leadOverall(a, b)
  const worse = Object.keys(a.directions).some(direction => {
    const own = lead(b.directions[direction]!, a.directions[direction]!, a.groups)
    return own.mean > ERRORS * own.error
  })
  return all.mean > ERRORS * all.error && !worse
}
