import type { Bench } from '../bench.js'
import { runWorker } from '../processes.js'
import { median, rounded, rowOf } from '../row.js'
import { inTurns, samplesOf } from '../turns.js'

export const trace: Bench = {
  name: 'trace',
  summary: 'tracing and compiling the step for the first time, and once more',
  async *run({ quick, threads, rounds, batches }) {
    for (const batch of batches.length > 0 ? batches : [quick ? 64 : 512]) {
      const turns = await inTurns({ ours: () => runWorker('trace', { batch, threads }) }, rounds)
      const ours = samplesOf(turns.samples.ours)
      yield rowOf({
        name: `trace and compile, batch ${batch}`,
        ours,
        peer: { notRun: 'nobody else traces this' },
        against: '',
        goal: quick ? null : { ours: 500 },
        more: {
          busy: turns.busy,
          again: rounded(median(ours.map(({ again }) => again as number))),
        },
      })
    }
  },
}
