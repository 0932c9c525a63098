import type { Evaluation } from '../evaluate.js'
import { align, decimals, short } from './align.js'
import { isPair, type MetricRecord, type Settings } from './record.js'

/** The metrics for a person: directions, their mean, r@k among three or more modalities, protocol. */
export const evalTable = (
  evaluations: readonly Evaluation[],
  mean: MetricRecord | undefined,
  settings: Settings,
): string => {
  const blocks = [directionTable(evaluations, mean, settings)]
  const matrix = pairMatrix(evaluations, settings)
  if (matrix !== undefined) blocks.push(matrix)
  return [...blocks, protocolLines(evaluations, settings)].join('\n')
}

const directionTable = (
  evaluations: readonly Evaluation[],
  mean: MetricRecord | undefined,
  { ks }: Settings,
): string => {
  const cuts = ks.map(k => `r@${k}`)
  const labelled = evaluations.some(({ label }) => label !== undefined)
  const numbers = (values: Record<string, unknown>, map: unknown) => [
    ...cuts.map(cut => decimals(values[cut], 1)),
    short(values['medr']),
    decimals(values['meanr'], 1),
    decimals(values['mrr'], 3),
    decimals(values['map'], 3),
    ...(labelled ? [decimals(map, 3)] : []),
  ]
  const label = labelled ? ['map_label'] : []
  const rows = [['direction', 'queries', 'pool', ...cuts, 'medr', 'meanr', 'mrr', 'map', ...label]]
  for (const { direction, queries, pool, measures, label } of evaluations)
    rows.push([direction.name, `${queries}`, `${pool}`, ...numbers(measures, label?.map)])
  if (mean)
    rows.push([`mean of ${mean['directions']}`, '', '', ...numbers(mean, mean['map_label'])])
  return align(rows)
}

/** Every modality against every other; the diagonal is no retrieval between modalities. */
const pairMatrix = (evaluations: readonly Evaluation[], { ks }: Settings): string | undefined => {
  const pairs = evaluations.filter(({ direction }) => isPair(direction))
  const names = [...new Set(pairs.map(({ direction }) => direction.query.modalities[0]!))]
  if (names.length < 3) return undefined
  const cut = `r@${ks[0]}`
  const cell = (query: string, gallery: string) => {
    const found = pairs.find(({ direction }) => direction.name === `${query}>${gallery}`)
    return found ? decimals(found.measures[cut], 1) : '-'
  }
  return align([
    [`${cut}, query > gallery`, ...names],
    ...names.map(query => [query, ...names.map(gallery => cell(query, gallery))]),
  ])
}

const protocolLines = (evaluations: readonly Evaluation[], settings: Settings): string => {
  const lines = [`relevant: ${relevanceText(evaluations)}`]
  const tied = evaluations.reduce((sum, { ties }) => sum + ties, 0)
  lines.push(
    `ties: ${settings.ties}, ${tied} queries have some; r@k: share of queries with any hit, %`,
  )
  const over = settings.ks.filter(k =>
    evaluations.some(({ pool, queries }) => queries > 0 && k > pool),
  )
  if (over.length)
    lines.push(`k above the pool, so always 100: ${over.map(k => `r@${k}`).join(', ')}`)
  const left = evaluations.reduce((sum, { unanswerable }) => sum + unanswerable, 0)
  if (left) lines.push(`left out: ${left} queries without a relevant entry in the pool`)
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
