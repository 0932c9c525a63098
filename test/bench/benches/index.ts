import type { Bench } from '../bench.js'
import { embed } from './embed.js'
import { evaluate } from './eval.js'
import { extract } from './extract.js'
import { help } from './help.js'
import { memory } from './memory.js'
import { wholeProcess } from './process.js'
import { step } from './step.js'
import { trace } from './trace.js'

/** What `npm run bench` can measure, in the order of its list. */
export const benches: readonly Bench[] = [
  step,
  wholeProcess,
  extract,
  embed,
  evaluate,
  memory,
  trace,
  help,
]
