import { embedProgram } from '../../../lib/coordinate/embed-program.js'
import { stateOf } from '../../../lib/coordinate/embed.js'
import { loadModel } from '../../../lib/coordinate/model-stream.js'
import { openEngine } from '../../../lib/engine/open.js'
import { answer, given, timesOf } from './worker.js'

/** What pcm-embed computes for so many rows, over one block that stays where it is. */
const BLOCK = 4096

const { model: path, rows, threads } = given<{ model: string; rows: number; threads: number }>()
const engine = await openEngine({ device: 'cpu', threads })
const { model } = await loadModel(path)
const head = model.layout.heads.find(({ name }) => name === 'photo')!
const program = embedProgram(model.layout, head, { block: BLOCK, raw: true })
const compiled = await engine.compile(program, engine.state(stateOf(model)))
const x = Float32Array.from({ length: BLOCK * head.size.input }, () => 2 * Math.random() - 1)
await timesOf(3, () => compiled.run({ x }))
const start = performance.now()
await timesOf(Math.ceil(rows / BLOCK), () => compiled.run({ x }))
const ms = performance.now() - start
answer({ median: ms, best: ms })
