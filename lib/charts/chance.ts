import type { Reading } from './reading.js'

/**
 * What a blind guess scores in r@k, in percent: one minus the chance that none of k entries, drawn
 * without replacement from the pool, is among the relevant ones. Undefined for any other metric,
 * and where queries differ in how many entries are relevant.
 */
export const chance = (metric: string, { pool, positives }: Reading): number | undefined => {
  const k = /^r@(\d+)$/.exec(metric)?.[1]
  if (k === undefined || positives === undefined) return undefined
  let missed = 1
  for (let i = 0; i < Math.min(Number(k), pool); i++)
    missed *= Math.max(0, pool - positives - i) / (pool - i)
  return 100 * (1 - missed)
}
