import type { Log } from '../../cli/log.js'
import { badData, Exit, PcmError } from '../../error.js'
import type { InputSummary } from '../../stream/closing.js'
import { type Model as ModelStream, readModel, writeModel } from '../../stream/model.js'
import { openSink } from '../../stream/sink.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import type { Layout } from '../layout.js'
import type { Model } from '../model.js'
import type { TrainSettings } from '../settings.js'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, stepsOf } from './checkpoint.js'
import { type CheckpointFolder, openFolder } from './folder.js'
import { checkSameRun } from './same-run.js'

export interface CheckpointOptions {
  /** `--checkpoint`, `--checkpoint-every`, `--resume`. */
  folder: string
  every: number | undefined
  resume: boolean
  /** The record of this run without what may differ from run to run. */
  record: ProvenanceRecord
  /** What was read beside the features. */
  models: readonly InputSummary[]
  log: Pick<Log, 'note' | 'warn' | 'event'>
}

/** A checkpoint at the end of an epoch may take this share of the time that has passed. */
const SHARE = 1 / 20

/** Writes down where a training stands, when it is time to, and finds it again. */
export class Checkpoints {
  private inputs: readonly InputSummary[] = []
  private engine = ''
  private asked = false
  private latest: string | undefined
  /** By the clock that only goes forward: end and length of the last writing. */
  private written = { at: -Infinity, took: 0 }

  private constructor(
    private readonly folder: CheckpointFolder,
    private readonly options: CheckpointOptions,
  ) {}

  /** Takes the folder for this run; nothing in it is read yet. */
  static open(options: CheckpointOptions): Checkpoints {
    return new Checkpoints(openFolder(options.folder, options), options)
  }

  /** Asks for one after this step. */
  ask(): void {
    this.asked = true
  }

  /**
   * The newest checkpoint that is whole; damaged ones are named and passed over. Refuses one of
   * another run (64, 65). Nothing where there is none.
   */
  async load(
    features: InputSummary,
    engine: string,
    layout: Layout,
    settings: TrainSettings,
  ): Promise<Checkpoint | undefined> {
    this.inputs = [features, ...this.options.models]
    this.engine = engine
    for (const path of this.options.resume ? this.folder.newestFirst() : []) {
      const stream = await this.whole(path)
      if (!stream) continue
      const { provenance, summary, metadata } = stream
      const then = { record: provenance.at(-1)!, inputs: summary.inputs ?? [] }
      checkSameRun(path, then, { record: this.options.record, inputs: this.inputs })
      const before = metadata.get('pcm.engine')
      if (before !== engine)
        this.options.log.warn(`${path} was made by ${before}: the model may differ in last digits`)
      const checkpoint = decodeCheckpoint(path, stream, layout, settings)
      this.latest = path
      const steps = stepsOf(checkpoint)
      this.options.log.event('resume', { steps, path })
      this.options.log.note(`goes on from ${path}, ${steps} steps done`)
      return checkpoint
    }
    return undefined
  }

  due(after: 'step' | 'epoch', steps: number): boolean {
    const { every } = this.options
    if (this.asked) return true
    if (after === 'step') return every !== undefined && steps % every === 0
    const { at, took } = this.written
    return took <= SHARE * (performance.now() - at)
  }

  /** Writes one beside, flushes it to disk, renames it, and removes those that are too old. */
  async save(checkpoint: Checkpoint, model: Model): Promise<void> {
    this.asked = false
    const start = performance.now()
    this.folder.lock.check()
    const steps = stepsOf(checkpoint)
    const path = this.folder.pathOf(steps)
    const sink = await openSink(path, { binary: true })
    const { parameters, metadata } = encodeCheckpoint(checkpoint, model)
    const stream = {
      parameters,
      metadata: { ...metadata, 'pcm.engine': this.engine },
      provenance: [this.options.record],
    }
    try {
      await writeModel(sink, stream, this.inputs)
    } catch (error) {
      await sink.abort()
      throw error
    }
    this.latest = path
    this.options.log.event('checkpoint', { steps, path })
    this.folder.prune()
    const at = performance.now()
    this.written = { at, took: at - start }
  }

  /** Removes that of so many steps, where it is the last; the one before then is. */
  withdraw(steps: number): void {
    if (this.latest !== this.folder.pathOf(steps)) return
    this.folder.lock.check()
    this.folder.remove(this.latest)
    this.latest = this.folder.newestFirst()[0]
  }

  /** The file written or read last. */
  last(): string | undefined {
    return this.latest
  }

  close(): void {
    this.folder.lock.release()
  }

  private async whole(path: string): Promise<ModelStream | undefined> {
    try {
      const stream = await readModel(path)
      if (stream.metadata.has('pcm.checkpoint')) return stream
      throw badData(`${path}: a model without what it takes to go on from it`)
    } catch (error) {
      if (!(error instanceof PcmError) || error.exit !== Exit.badData) throw error
      this.options.log.warn(`passes over a damaged checkpoint: ${error.message}`)
      return undefined
    }
  }
}
