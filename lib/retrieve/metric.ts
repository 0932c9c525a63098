/**
 * A number that says how well one query is answered, and how the numbers of many queries become
 * one. All follow from where the relevant entries stand, so none needs the scores again.
 */
export interface Metric {
  /** Its key in the records: `ndcg@10`. */
  name: string
  /** `percent`: a share; `fraction`: from 0 to 1; `rank`: from 1, the smaller the better. */
  unit: 'percent' | 'fraction' | 'rank'
  /**
   * `positions`: of all relevant entries of the query, ascending, from 1; at least one. `grades`:
   * how relevant each of them is, all 1 where it is left out.
   */
  of(positions: Float64Array, grades?: Float64Array): number
  /** The mean over the queries, unless it says so. */
  middle?: 'median'
}

/** What `--metrics` may name, in the order of the records; those with @k come once for every k. */
export const FAMILIES = [
  'r@k',
  'recall@k',
  'p@k',
  'map@k',
  'ndcg@k',
  'medr',
  'meanr',
  'mrr',
  'map',
  'rprec',
  'minp',
  'rsum',
] as const

export type Family = (typeof FAMILIES)[number]

/** The metrics of single directions that some families ask for; `rsum` is one of a pair. */
export const metricsOf = (
  families: readonly Family[],
  ks: readonly number[],
  gain: Gain = 'linear',
): Metric[] =>
  FAMILIES.filter(family => families.includes(family)).flatMap(family => {
    const atK = AT_K[family]
    if (atK) return ks.map(k => ({ name: family.replace('k', `${k}`), ...atK(k, gain) }))
    const metric = WHOLE[family]
    return metric ? [{ name: family, ...metric }] : []
  })

/** What a relevant entry is worth to nDCG: its grade, or 2^grade - 1 (METHODS 4.4). */
export const GAINS = ['linear', 'exponential'] as const
export type Gain = (typeof GAINS)[number]

const worth = (grade: number, gain: Gain): number => (gain === 'linear' ? grade : 2 ** grade - 1)

type Nameless = Omit<Metric, 'name'>

/** Metrics of the first k entries (METHODS 4.1, 4.3, 4.4). */
const AT_K: { [family in Family]?: (k: number, gain: Gain) => Nameless } = {
  'r@k': k => ({ unit: 'percent', of: positions => Number(positions[0]! <= k) }),
  'recall@k': k => ({
    unit: 'percent',
    of: positions => within(positions, k) / positions.length,
  }),
  'p@k': k => ({ unit: 'percent', of: positions => within(positions, k) / k }),
  'map@k': k => ({
    unit: 'fraction',
    of: positions => precisionSum(positions, within(positions, k)) / Math.min(positions.length, k),
  }),
  'ndcg@k': (k, gain) => ({
    unit: 'fraction',
    of(positions, grades = new Float64Array(positions.length).fill(1)) {
      const gains = grades.map(grade => worth(grade, gain))
      const found = discounted(gains, positions, within(positions, k))
      const ideal = gains.toSorted((a, b) => b - a)
      return (
        found /
        discounted(
          ideal,
          ideal.map((_, i) => i + 1),
          Math.min(k, ideal.length),
        )
      )
    },
  }),
}

/** Metrics of the whole ranking (METHODS 4.2, 4.3). */
const WHOLE: { [family in Family]?: Nameless } = {
  medr: { unit: 'rank', of: positions => positions[0]!, middle: 'median' },
  meanr: { unit: 'rank', of: positions => positions[0]! },
  mrr: { unit: 'fraction', of: positions => 1 / positions[0]! },
  map: {
    unit: 'fraction',
    of: positions => precisionSum(positions, positions.length) / positions.length,
  },
  rprec: {
    unit: 'percent',
    of: positions => within(positions, positions.length) / positions.length,
  },
  minp: { unit: 'fraction', of: positions => positions.length / positions.at(-1)! },
}

/** How many of the positions are among the first k. */
const within = (positions: Float64Array, k: number): number => {
  let count = 0
  while (count < positions.length && positions[count]! <= k) count++
  return count
}

/** The sum of the precisions at the first `count` relevant entries. */
const precisionSum = (positions: Float64Array, count: number): number => {
  let sum = 0
  for (let j = 0; j < count; j++) sum += (j + 1) / positions[j]!
  return sum
}

/** The gains of the first `count` relevant entries, each divided by log2(position + 1). */
const discounted = (gains: Float64Array, positions: Float64Array, count: number): number => {
  let sum = 0
  for (let j = 0; j < count; j++) sum += gains[j]! / Math.log2(positions[j]! + 1)
  return sum
}

/** For the protocol: what the names of the less plain metrics mean here. */
export const definitions = (
  metrics: readonly Metric[],
  /** The gain of graded judgements; none where all that is relevant is so to the same degree. */
  gain?: Gain,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(textsOf(gain)).filter(([family]) =>
      metrics.some(({ name }) => name.replace(/@\d+$/, '@k') === family),
    ),
  )

const ndcgText = (gain: Gain | undefined): string => {
  const gains = { linear: 'the grade', exponential: '2^grade - 1' }
  const worth = gain === undefined ? '1 where relevant' : gains[gain]
  return `gain ${worth}, discount 1/log2(position + 1), ideal over the whole gallery`
}

const textsOf = (gain: Gain | undefined): { [family in Family]?: string } => ({
  'recall@k': 'relevant among the first k / relevant',
  'p@k': 'relevant among the first k / k',
  'map@k': 'sum of precisions at relevant among the first k / min(relevant, k)',
  'ndcg@k': ndcgText(gain),
  rprec: 'relevant among the first R / R, R = relevant',
  minp: 'relevant / position of the last relevant',
})
