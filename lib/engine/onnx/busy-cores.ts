import { cpus } from 'node:os'

/** Cores' worth of other people's work from which on the machine counts as shared. */
const SHARED = 0.3

/**
 * Starts to watch the machine; the function returned says whether others have been using it since.
 * Threads that spin while they wait make a step a tenth faster on an idle machine, and several
 * times slower on one that others use: they take the very cores the next part of the step needs.
 * What is computed does not depend on it.
 */
export function watchCores(): () => boolean {
  const before = times()
  const own = process.cpuUsage()
  return () => {
    const now = times()
    const { user, system } = process.cpuUsage(own)
    const elapsed = (now.all - before.all) / cpus().length
    const others = now.busy - before.busy - (user + system) / 1000
    return elapsed < SHORTEST || others / elapsed > SHARED
  }
}

/** Milliseconds after which the counters of the system, in steps of 10, mean something. */
const SHORTEST = 50

/** Milliseconds that all cores together have been on, and busy. */
function times(): { all: number; busy: number } {
  let all = 0
  let idle = 0
  for (const { times } of cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq
    idle += times.idle
  }
  return { all, busy: all - idle }
}
