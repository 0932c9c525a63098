import { badUsage } from '../error.js'
import { directionOf, type Direction, type SideSpec } from './direction.js'
import type { Embeddings } from './embeddings.js'
import { evaluate, type EvaluateOptions } from './evaluate.js'
import { metricsOf } from './metric.js'
import type { Plan } from './plan.js'

/** Weights that are tried for every part of a combination but the first, the plainest first. */
export const GRID = [1, 0.5, 2, 0.25, 4] as const

/** Combinations of weights, 5^4, that are tried at most. */
const MOST = 625

/** How the weights of a direction were chosen; it goes into the protocol. */
export interface Tuned {
  /** Queries of the validation rows, and what the chosen weights reach there. */
  queries: number
  mrr: number
  /** What equal weights reach. */
  equal: number
  tried: number
  grid: readonly number[]
}

/** All that is needed to try: the validation rows are queries and gallery. */
export interface TuneOptions extends Pick<EvaluateOptions, 'ties' | 'similarity' | 'qrels'> {
  rows: Uint8Array
}

/**
 * The direction with those weights of its combinations that have the best mean reciprocal rank on
 * the validation rows; of equally good ones the first in the order of the grid, in which equal
 * weights come first. Weights that were given (other than 1) stay as they are.
 */
export const tuneWeights = async (
  table: Embeddings,
  given: { direction: Direction; relevance: string },
  { rows, ...options }: TuneOptions,
): Promise<{ direction: Direction; tuned?: Tuned }> => {
  const { query, gallery } = given.direction
  const queries = weightings(query)
  const candidates = queries.flatMap(one =>
    weightings(gallery).map(other => directionOf(one, other)),
  )
  if (candidates.length === 1) return { direction: given.direction }
  if (candidates.length > MOST)
    throw badUsage(
      `--tune: ${given.direction.name} has ${candidates.length} combinations of weights, at most ${MOST} are tried`,
    )
  let best: { direction: Direction; mrr: number } | undefined
  let equal = 0
  let count = 0
  for (const direction of candidates) {
    const tried = evaluate(table, [{ direction, relevance: given.relevance }], {
      ...options,
      metrics: MRR,
      queries: rows,
      gallery: rows,
    })
    for await (const { measures, queries } of tried) {
      const mrr = measures['mrr'] ?? 0
      if (!best) [equal, count] = [mrr, queries]
      if (!best || mrr > best.mrr) best = { direction, mrr }
    }
  }
  const { direction, mrr } = best!
  return {
    direction,
    tuned: { queries: count, mrr, equal, tried: candidates.length, grid: GRID },
  }
}

const MRR = metricsOf(['mrr'], [])

/** A side with every weighting of its parts; the first part's weight stays. A product has none. */
const weightings = (side: SideSpec): SideSpec[] => {
  if (side.product) return [side]
  return side.parts
    .reduce<SideSpec['parts'][]>(
      (all, part, i) =>
        all.flatMap(parts =>
          (i === 0 || part.weight !== 1 ? [part.weight] : GRID).map(weight => [
            ...parts,
            { ...part, weight },
          ]),
        ),
      [[]],
    )
    .map(parts => ({ ...side, parts }))
}

/** Tunes every direction of a plan; the rows that it looks at must not be evaluated (64). */
export const tunePlan = async (
  table: Embeddings,
  plan: Plan,
  evaluated: readonly (Uint8Array | undefined)[],
  options: TuneOptions,
): Promise<{ plan: Plan; tuned: Map<string, Tuned> }> => {
  checkApart(table, evaluated, options.rows)
  const tuned = new Map<string, Tuned>()
  const renamed = new Map<string, string>()
  const directions: Plan['directions'] = []
  for (const given of plan.directions) {
    const found = await tuneWeights(table, given, options)
    directions.push({ ...given, direction: found.direction })
    renamed.set(given.direction.name, found.direction.name)
    if (found.tuned) tuned.set(found.direction.name, found.tuned)
  }
  const sweeps = plan.sweeps.map(({ name, directions }) => ({
    name,
    directions: directions.map(direction => renamed.get(direction)!),
  }))
  return { plan: { ...plan, directions, sweeps }, tuned }
}

/** Weights chosen on what is evaluated would flatter it (METHODS 5, pitfall 14). */
const checkApart = (
  { source, others }: Embeddings,
  evaluated: readonly (Uint8Array | undefined)[],
  rows: Uint8Array,
): void => {
  const { values } = others['id']!
  const ids = new Set(values.filter((_, row) => rows[row]).map(String))
  if (ids.size === 0) throw badUsage(`--tune: ${source} has no such rows`)
  for (const selected of evaluated) {
    const known = values.findIndex((id, row) => (!selected || selected[row]) && ids.has(String(id)))
    if (known >= 0)
      throw badUsage(
        `--tune: '${values[known]}' is both tuned on and evaluated`,
        'tune on a validation split, and evaluate other items: --query and --gallery say which',
      )
  }
}

/** Rows that are not tuned on, where nothing else is said. */
export const allBut = (rows: Uint8Array): Uint8Array => rows.map(row => 1 - row)
