import { badUsage } from '../error.js'
import type { Metric } from './metric.js'
import type { MetricRecord } from './report/record.js'

/** `--fail-under DIRECTION:METRIC=NUMBER`: the least that will do. */
export interface Gate {
  direction: string
  metric: string
  least: number
}

/** Reads a gate; a direction or metric that will not be measured is refused (64) before the work. */
export const parseGate = (
  text: string,
  { directions, metrics }: { directions: readonly string[]; metrics: readonly Metric[] },
): Gate => {
  const match = /^(.+):([^:=]+)=([^=]+)$/.exec(text)
  const least = Number(match?.[3]?.trim() || NaN)
  if (!match || !Number.isFinite(least))
    throw badUsage(`--fail-under ${text}: expected DIRECTION:METRIC=NUMBER`)
  const [, direction, metric] = match as unknown as [string, string, string]
  if (direction !== 'mean' && !directions.includes(direction))
    throw badUsage(
      `--fail-under ${text}: '${direction}' is not measured`,
      `there are: ${[...directions, 'mean'].join(', ')}`,
    )
  const found = metrics.find(({ name }) => name === metric)
  const usable = metrics.filter(({ unit }) => unit !== 'rank').map(({ name }) => name)
  if (!found)
    throw badUsage(
      `--fail-under ${text}: '${metric}' is not measured`,
      `there are: ${usable.join(', ')}; --metrics and --k add more`,
    )
  if (found.unit === 'rank')
    throw badUsage(`--fail-under ${text}: of ranks the smaller is the better`, `use mrr or r@k`)
  return { direction, metric, least }
}

/** What the records miss, as one line; undefined where all gates are passed. */
export const missed = (
  gates: readonly Gate[],
  records: readonly MetricRecord[],
): string | undefined => {
  const texts = gates.flatMap(({ direction, metric, least }) => {
    const record = records.find(each => each['direction'] === direction && !('by' in each))
    const value = record?.[metric]
    if (typeof value === 'number' && value >= least) return []
    return [`${direction}: ${metric} is ${value ?? 'not known'}, under ${least}`]
  })
  return texts.length === 0 ? undefined : texts.join('; ')
}
