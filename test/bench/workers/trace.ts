import { openEngine } from '../../../lib/engine/open.js'
import { benchStep } from './bench-step.js'
import { answer, given, timesOf } from './worker.js'

/** The benchmark step traced and compiled in a process that has just started, then once more: training keeps what it has compiled, by shape. */
const { batch, threads } = given<{ batch: number; threads: number }>()
const engine = await openEngine({ device: 'cpu', threads })
const { state, program } = benchStep(engine, batch)
const [first = 0, again = 0] = await timesOf(2, () => engine.compile(program(), state))
answer({ median: first, best: first, again })
