import type { Evaluated as Evaluation } from '../evaluation.js'
import type { Measures } from '../measures.js'
import type { Sweep } from '../sweep.js'
import type { Metric } from '../metric.js'
import { align, decimals, short } from '../../align.js'
import { printable } from '../../printable.js'
import { compatibleTable } from '../compatible/report.js'
import { leadRows, uncertaintyRows, type verdicts } from './uncertainty.js'
import { swept } from './sweep-records.js'
import { isPair, judgedBy, kOverPool, type MetricRecord, type Settings } from './record.js'

/** What is said of all directions together. */
export interface Together {
  mean?: MetricRecord
  pairs: readonly MetricRecord[]
  sweeps?: readonly Sweep[]
  variances?: readonly MetricRecord[]
}

/** The metrics for a person: directions, their mean, r@k among three or more modalities, protocol. */
export const evalTable = (
  evaluations: readonly Evaluation[],
  { mean, pairs, sweeps = [], variances = [] }: Together,
  settings: Settings,
): string => {
  const blocks = [directionTable(evaluations, mean, settings)]
  if (settings.compatible !== undefined) blocks.push(compatibleTable(evaluations, settings.metrics))
  if (settings.hubness !== undefined) blocks.push(hubnessTable(evaluations))
  if (pairs.length) blocks.push(pairTable(pairs))
  for (const sweep of sweeps) blocks.push(sweepTable(sweep, evaluations, settings))
  if (variances.length) blocks.push(varianceTable(variances))
  const matrix = pairMatrix(evaluations, settings)
  if (matrix !== undefined) blocks.push(matrix)
  return printable([...blocks, protocolLines(evaluations, settings)].join('\n'))
}

const directionTable = (
  evaluations: readonly Evaluation[],
  mean: MetricRecord | undefined,
  { metrics }: Settings,
): string => {
  const labelled = evaluations.some(({ label }) => label !== undefined)
  const numbers = (values: Record<string, unknown>, map: unknown) => [
    ...metrics.map(metric => cell(metric, values[metric.name])),
    ...(labelled ? [decimals(map, 3)] : []),
  ]
  const names = metrics.map(({ name }) => name)
  const rows = [
    ['direction', 'queries', 'pool', ...names, ...(labelled ? ['map_label'] : [])],
    ...evaluations.flatMap(evaluation => [
      [
        evaluation.direction.name,
        `${evaluation.queries}`,
        `${evaluation.pool}`,
        ...numbers(evaluation.measures, evaluation.label?.map),
      ],
      ...uncertaintyRows(evaluation, metrics),
      ...evaluation.groups.map(group => [
        `  ${group.column}=${group.value ?? ''}`,
        `${group.queries}`,
        `${evaluation.pool}`,
        ...numbers(group.measures, undefined),
      ]),
    ]),
  ]
  if (mean) {
    rows.push([`mean of ${mean['directions']}`, '', '', ...numbers(mean, mean['map_label'])])
    if (mean['against'])
      rows.push(...leadRows(mean['against'] as ReturnType<typeof verdicts>, metrics))
  }
  return align(rows)
}

/** Percents and mean ranks with one digit, medians without one where they can be. */
const cell = ({ unit, middle }: Metric, value: unknown): string => {
  if (middle === 'median') return short(value)
  return decimals(value, unit === 'fraction' ? 3 : 1)
}

const hubnessTable = (evaluations: readonly Evaluation[]): string =>
  align([
    ['hubness', 'k', 'skewness', 'antihub %', 'max', 'robin_hood'],
    ...evaluations.flatMap(({ direction, hubness }) =>
      hubness
        ? [
            [
              direction.name,
              `${hubness.k}`,
              decimals(hubness.skewness, 3),
              decimals(hubness.antihub, 1),
              short(hubness.max),
              decimals(hubness.robinHood, 3),
            ],
          ]
        : [],
    ),
  ])

const pairTable = (pairs: readonly MetricRecord[]): string =>
  align([
    ['pair', 'rsum', 'r_mean'],
    ...pairs.map(({ direction, rsum, r_mean }) => [
      `${direction}`,
      decimals(rsum, 1),
      decimals(r_mean, 1),
    ]),
  ])

const varianceTable = (variances: readonly MetricRecord[]): string =>
  align([
    ['rank variance', 'mrv', 'items', 'queries'],
    ...variances.map(({ direction, mrv, items, queries }) => [
      `${direction}`,
      decimals(mrv, 3),
      `${items}`,
      `${queries}`,
    ]),
  ])

/** Which combination helps, best first. */
const sweepTable = (
  sweep: Sweep,
  evaluations: readonly Evaluation[],
  settings: Settings,
): string => {
  const [metric] = settings.metrics
  const rows = swept(sweep, evaluations, settings)
  const numbers = (value: number) => cell(metric!, value)
  return align([
    [sweep.name, 'queries', metric?.name ?? '', 'gain over the best single one'],
    ...rows.map(({ direction, queries, value, gain }) => [
      ...[direction, `${queries}`, numbers(value), numbers(gain)],
    ]),
  ])
}

/** Every modality against every other; the diagonal is no retrieval between modalities. */
const pairMatrix = (evaluations: readonly Evaluation[], { metrics }: Settings) => {
  const [metric] = metrics
  const pairs = evaluations.filter(({ direction }) => isPair(direction))
  const names = [...new Set(pairs.map(({ direction }) => direction.query.modalities[0]!))]
  const galleries = new Set(pairs.map(({ direction }) => direction.gallery.modalities[0]!))
  if (!metric || names.length < 3 || galleries.size < 2) return undefined
  const value = (query: string, gallery: string): Measures[string] | undefined =>
    pairs.find(({ direction }) => direction.name === `${query}>${gallery}`)?.measures[metric.name]
  return align([
    [`${metric.name}, query > gallery`, ...names],
    ...names.map(query => [query, ...names.map(gallery => cell(metric, value(query, gallery)))]),
  ])
}

const protocolLines = (evaluations: readonly Evaluation[], settings: Settings): string => {
  const lines = [`relevant: ${judgedBy(settings) ?? relevanceText(evaluations)}`]
  const tied = evaluations.reduce((sum, { ties }) => sum + ties, 0)
  lines.push(
    `ties: ${settings.ties}, ${tied} queries have some; r@k: share of queries with any hit, %`,
  )
  const over = new Set(evaluations.flatMap(each => kOverPool(each, settings)))
  if (over.size)
    lines.push(`k above the pool, so always 100: ${[...over].map(k => `r@${k}`).join(', ')}`)
  const left = evaluations.reduce((sum, { unanswerable }) => sum + unanswerable, 0)
  if (left) lines.push(`left out: ${left} queries without a relevant entry in the pool`)
  if (settings.bootstrap !== undefined)
    lines.push(`95 %: ${settings.bootstrap} resamples of the items with all their queries`)
  const folded = evaluations[0]?.folds
  if (folded)
    lines.push(
      `folds: the mean of ${folded.count}, of consecutive items, each with a gallery of its own`,
    )
  if (settings.tune !== undefined)
    lines.push(`weights: chosen on ${settings.tune}, which is not evaluated, by mrr`)
  if (settings.compatible !== undefined) lines.push(`gallery: of ${settings.compatible}`)
  if (settings.against !== undefined)
    lines.push(`lead: over ${settings.against}; p: sign flips by item, two-sided`)
  const { correction } = settings
  if (correction)
    lines.push(
      `bank: ${correction['file'] ?? 'the queries and the gallery'}, ${correction['correction']}${correction['transductive'] ? ', transductive: it has seen the test' : ''}`,
    )
  lines.push(`score: cosine, ${settings.engine}; seed ${settings.seed}`)
  return `${lines.join('\n')}\n`
}

/** `equal id, 1 to 5 a query; equal class.code, 4 to 77 a query`. */
const relevanceText = (evaluations: readonly Evaluation[]): string => {
  const columns = [...new Set(evaluations.map(({ relevance }) => relevance))]
  const texts = columns.map(column => {
    const found = evaluations.flatMap(({ relevance, positives }) =>
      relevance === column && positives ? [positives] : [],
    )
    if (found.length === 0) return `equal ${column}, none found`
    const min = Math.min(...found.map(({ min }) => min))
    const max = Math.max(...found.map(({ max }) => max))
    return `equal ${column}, ${min === max ? min : `${min} to ${max}`} a query`
  })
  return texts.join('; ')
}
