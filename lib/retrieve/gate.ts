import { badUsage } from '../error.js'
import type { Metric } from './metric.js'
import type { MetricRecord } from './report/record.js'

/** `--fail-under SUBJECT:METRIC=NUMBER`: the least that will do. */
export interface Gate {
  /** A direction, or what else the records are of. */
  subject: string
  metric: string
  least: number
}

/** What gates can be about. */
export interface Gateable {
  /** How a gate is written. */
  form: string
  subjects: readonly string[]
  metrics: readonly Pick<Metric, 'name' | 'unit'>[]
}

/** Reads `DIRECTION:METRIC=NUMBER`; a direction may be `mean`. */
export const parseGate = (
  text: string,
  { directions, metrics }: { directions: readonly string[]; metrics: readonly Metric[] },
): Gate =>
  readGate(text, { form: 'DIRECTION:METRIC=NUMBER', subjects: [...directions, 'mean'], metrics })

/** Reads a gate; what will not be measured is refused (64) before the work. */
export const readGate = (text: string, { form, subjects, metrics }: Gateable): Gate => {
  const match = /^(.+):([^:=]+)=([^=]+)$/.exec(text)
  const least = Number(match?.[3]?.trim() || NaN)
  if (!match || !Number.isFinite(least)) throw badUsage(`--fail-under ${text}: expected ${form}`)
  const [, subject, metric] = match as unknown as [string, string, string]
  if (!subjects.includes(subject))
    throw badUsage(
      `--fail-under ${text}: '${subject}' is not measured`,
      `there are: ${subjects.join(', ')}`,
    )
  const found = metrics.find(({ name }) => name === metric)
  const usable = metrics.filter(({ unit }) => unit !== 'rank').map(({ name }) => name)
  if (!found)
    throw badUsage(
      `--fail-under ${text}: '${metric}' is not measured`,
      `there are: ${usable.join(', ')}; options add more`,
    )
  if (found.unit === 'rank')
    throw badUsage(`--fail-under ${text}: of ranks the smaller is the better`, `use mrr or r@k`)
  return { subject, metric, least }
}

/**
 * What the records miss, as one line; undefined where all gates are passed. `key` is that of the
 * subject in a record.
 */
export const missed = (
  gates: readonly Gate[],
  records: readonly MetricRecord[],
  key: 'direction' | 'modality' = 'direction',
): string | undefined => {
  const texts = gates.flatMap(({ subject, metric, least }) => {
    const record = records.find(each => each[key] === subject && !('by' in each))
    const value = record?.[metric]
    if (typeof value === 'number' && value >= least) return []
    return [`${subject}: ${metric} is ${value ?? 'not known'}, under ${least}`]
  })
  return texts.length === 0 ? undefined : texts.join('; ')
}
