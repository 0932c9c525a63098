import type { Bench } from '../bench.js'
import { embedRows } from '../embed-rows.js'
import { rowOf } from '../row.js'

/** What a program that streams may hold, MB. */
const LIMIT = 400

export const memory: Bench = {
  name: 'memory',
  summary: 'the largest resident set of each process while a million rows pass (--rows)',
  async *run({ quick, rows = quick ? 10_000 : 1_000_000, folder }) {
    const { peaks } = await embedRows(rows, folder)
    for (const { program, megabytes } of peaks)
      yield rowOf({
        name: `memory of ${program}`,
        unit: 'MB',
        ours: [{ median: megabytes, best: megabytes }],
        peer: { notRun: 'a limit is what counts' },
        against: '',
        goal: { ours: LIMIT },
        more: { rows },
      })
  },
}
