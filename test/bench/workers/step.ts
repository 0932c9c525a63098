import { openEngine } from '../../../lib/engine/open.js'
import { benchStep } from './bench-step.js'
import { answer, given, megabytes, sampleOf, timesOf } from './worker.js'

/** The benchmark step, as a training run would run it. */
const WARM_UP = 3

const { batch, steps, threads } = given<{ batch: number; steps: number; threads: number }>()
const engine = await openEngine({ device: 'cpu', threads })
const { state, program, inputs } = benchStep(engine, batch)
const step = await engine.compile(program(), state)
let t = 0
const times = await timesOf(WARM_UP + steps, () => step.run(inputs(++t)))
answer({ ...sampleOf(times.slice(WARM_UP)), megabytes: megabytes(), engine: engine.description })
