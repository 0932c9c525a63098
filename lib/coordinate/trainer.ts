import type { Compiled, Engine, Numbers, State } from '../engine/types.js'
import { adamwStep } from './adamw.js'
import { type Dataset, relationsOf } from './data/dataset.js'
import { Feeder } from './data/feeder.js'
import { neighboursOf } from './data/neighbours.js'
import { Embedder } from './embedder.js'
import { emptyValues, type Group, type Layout } from './layout.js'
import { learningRate } from './schedule.js'
import { looksAtMemory } from './losses/sum.js'
import { groupingsOf, memoryInputs, memoryState, queueLength } from './memory.js'
import { paste, piecesOf, stateOfPieces } from './pieces.js'
import type { TrainSettings } from './settings.js'
import { stepProgram } from './step.js'
import { teacherState, type TeacherSpec } from './teacher.js'

/** What is learned, as numbers: enough to go on from, or to embed with. */
export interface Learned {
  values: Record<Group, Float32Array>
  logScale: Float32Array
}

/** Where training stands between two steps. */
export interface Place {
  /** Epochs that are over. */
  epoch: number
  /** Steps of the next one that are over, and the sum of their losses. */
  step: number
  sum: number
  /** Whatever the engine keeps from step to step, by name. */
  state: Record<string, { shape: number[]; values: Float32Array }>
}

export interface EpochReport {
  /** Epochs done, from 1. */
  epoch: number
  /** Mean loss over the steps of the epoch. */
  loss: number
  /** Learning rate of the last step. */
  rate: number
}

/**
 * Heads in training: the state that stays in the engine, the step that changes it and the batches
 * that go in. One epoch at a time, so that whoever drives it may validate, stop or write between.
 */
export class Trainer {
  readonly embedder: Embedder
  private done = 0
  private step = 0
  private sum = 0

  private constructor(
    private readonly state: State,
    private readonly program: Compiled,
    private readonly feeder: Feeder,
    private readonly layout: Layout,
    private readonly settings: TrainSettings,
    engine: Engine,
  ) {
    this.embedder = new Embedder(engine, layout, state, { raw: false })
  }

  static async start(
    engine: Engine,
    data: Dataset,
    rows: Int32Array,
    layout: Layout,
    settings: TrainSettings,
    initial: Learned,
    teacher?: TeacherSpec,
  ): Promise<Trainer> {
    const batch = Math.min(settings.batch, rows.length)
    const memory = looksAtMemory(settings.terms)
    const relations = relationsOf(data, settings.pairs, rows, memory)
    const queue = queueLength(settings.queue, rows.length, batch)
    const state = engine.state({
      ...stateOf(layout, initial),
      ...(memory && memoryState(layout, initial, queue, groupingsOf(data, settings.pairs))),
      ...(teacher && teacherState(teacher, Object.keys(data.modalities))),
    })
    const options = { layout, settings, relations, batch, ...(teacher && { teacher }) }
    const step = stepProgram(options)
    const { together } = settings
    const neighbours = together > 1 ? await neighboursOf(data, rows, engine) : undefined
    const feeder = new Feeder(data, rows, {
      neighbours,
      together,
      heads: layout.heads,
      pairs: settings.pairs,
      relations,
      batch,
      seed: settings.seed,
      terms: settings.terms,
      augmentation: memory ? memoryInputs(options) : {},
    })
    const program = await engine.compile(step, state)
    return new Trainer(state, program, feeder, layout, settings, engine)
  }

  get stepsPerEpoch(): number {
    return this.feeder.stepsPerEpoch
  }

  /** Steps done in all. */
  get steps(): number {
    return this.done * this.stepsPerEpoch + this.step
  }

  /**
   * Runs one epoch, or what is left of it; `each` is called after every step with its loss and says
   * whether to go on. Returns nothing where it was stopped half-way.
   */
  async epoch(
    each: (loss: number) => boolean | Promise<boolean>,
  ): Promise<EpochReport | undefined> {
    const { settings, stepsPerEpoch } = this
    const total = settings.epochs * stepsPerEpoch
    for (const batch of this.feeder.epoch(this.done, this.step)) {
      const loss = await this.run(batch, learningRate(this.steps, total, settings), this.steps + 1)
      this.step++
      this.sum += loss
      if (!(await each(loss))) return undefined
    }
    const rate = learningRate(this.steps - 1, total, settings)
    const report = { epoch: this.done + 1, loss: this.sum / stepsPerEpoch, rate }
    Object.assign(this, { done: this.done + 1, step: 0, sum: 0 })
    return report
  }

  /** The loss of the heads as they are, by one more step; nothing can be done with them afterwards. */
  async lossAfter(): Promise<number> {
    const [batch] = this.feeder.epoch(this.done, this.step)
    return await this.run(batch!, 0, this.steps + 1)
  }

  /** Everything from which training can go on; numbers are copies. */
  async place(): Promise<Place> {
    const { done: epoch, step, sum } = this
    const state: Place['state'] = {}
    for (const [name, { shape }] of Object.entries(this.state.specs))
      state[name] = { shape, values: (await this.state.read(name)) as Float32Array }
    return { epoch, step, sum, state }
  }

  /** Goes on from there, as if nothing had been between. */
  resume({ epoch, step, sum, state }: Place): void {
    for (const name of Object.keys(this.state.specs)) this.state.write(name, state[name]!.values)
    Object.assign(this, { done: epoch, step, sum })
  }

  async learned(): Promise<Learned> {
    const read = async (name: string): Promise<Float32Array> =>
      (await this.state.read(name)) as Float32Array
    const values = emptyValues(this.layout)
    for (const piece of piecesOf(this.layout))
      paste(piece, await read(piece.name), values[piece.group])
    return { values, logScale: await read('scale') }
  }

  dispose(): void {
    this.program.dispose()
    this.state.dispose()
  }

  private async run(batch: Record<string, Numbers>, rate: number, t: number): Promise<number> {
    const { keep, slope, epsilon } = adamwStep(t, rate, this.settings.decay)
    const { loss } = await this.program.run({
      ...batch,
      keep: Float32Array.of(keep),
      slope: Float32Array.of(slope),
      epsilon: Float32Array.of(epsilon),
    })
    return loss![0]!
  }
}

/** The parameters and the log scales, with moments for those that are trained. */
export function stateOf(
  layout: Layout,
  { values, logScale }: Learned,
): Record<string, { shape: number[]; values: Float32Array }> {
  if (layout.slots.length === 0) return {}
  const trained = [
    ...piecesOf(layout).filter(({ group }) => group !== 'frozen'),
    { name: 'scale', shape: [logScale.length] },
  ]
  const zeros = (shape: number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1))
  return {
    ...stateOfPieces(layout, values),
    scale: { shape: [logScale.length], values: logScale },
    ...Object.fromEntries(
      trained.flatMap(({ name, shape }) =>
        ['m', 'v'].map(moment => [`${name}/${moment}`, { shape, values: zeros(shape) }]),
      ),
    ),
  }
}
