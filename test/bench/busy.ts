import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** Above this share of the processor taken by others, a comparison means little. */
export const MOST_BUSY = 0.1

const LOOK = 300

/** The share of all cores, 0 to 1, that is taken while this process does nothing. */
export const busyShare = async (): Promise<number> => {
  const before = ticks()
  await setTimeout(LOOK)
  const after = ticks()
  const total = after.total - before.total
  return total > 0 ? (after.busy - before.busy) / total : 0
}

const ticks = (): { busy: number; total: number } => {
  let idle = 0
  let total = 0
  for (const { times } of cpus()) {
    idle += times.idle
    total += Object.values(times).reduce((a, b) => a + b, 0)
  }
  return { busy: total - idle, total }
}
