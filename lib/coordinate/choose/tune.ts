import { badUsage, Exit, PcmError } from '../../error.js'
import type { ClosedForm } from '../closed-form/model.js'
import type { HeadKind } from '../heads/index.js'
import type { Model } from '../model.js'
import type { Training } from '../train-model.js'
import { copyOf, inMemory } from './copy.js'
import { closed, isWorthIt, type TrainModel } from './fallback.js'
import { isClearlyBetter, leadOverall, mean, overall, type Scores, scoresOf } from './score.js'
import { isPossible, textOf, varied, type Variation } from './variation.js'

export interface Tuning {
  /** No trial begins after so many minutes. */
  minutes: number
  /** The closed form among the trials. */
  form: ClosedForm
  /** Options that the user has chosen, and that therefore stay. */
  kept: ReadonlySet<keyof Variation>
}

/** What was tried, as options, and its mean average precision on the validation rows. */
interface Trial {
  options: string
  map: number
}

/**
 * One option at a time, in this order, what changes most first: a value stays where it is better than
 * what was best so far, by more than one standard error. So the order decides and nothing is drawn.
 */
const STEPS: { [Name in keyof Variation]?: readonly Variation[Name][] } = {
  head: ['mlp', 'residual-mlp', 'linear'] satisfies HeadKind[],
  start: ['cca'],
  whiten: [0.1, 0.5],
  dropout: [0.3, 0.5],
  decay: [0.1, 1],
  dim: [64, 256],
}

/**
 * Searches the options whose best value depends most on the data (METHODS 1.4), then trains with the
 * best. It is the same search for the same seed and data, but for where the time ends it; the model
 * says what was tried. Returns nothing where the watcher stopped it.
 */
export async function trainTuned(
  training: Training,
  tuning: Tuning,
  trainModel: TrainModel,
): Promise<Model | undefined> {
  refuse(training)
  const { data, watcher } = training
  const raw = copyOf(data)
  const search = new Search(training, tuning, trainModel, raw)
  const best = await search.run()
  if (!best) return undefined
  watcher.note?.(
    'tuned',
    { ...best, tried: search.tried.length },
    `${search.tried.length} tried; taken: ${best.options || 'as given'} (val map ${best.map.toFixed(4)})`,
  )
  const found = await trainModel(varied({ ...training, data: raw }, search.chosen))
  if (!found) return undefined
  const { description } = found
  const tuned = { chosen: best.options, tried: search.tried }
  return { ...found, description: { ...description, training: { ...description.training, tuned } } }
}

class Search {
  readonly tried: Trial[] = []
  chosen: Variation = {}
  private best: { trial: Trial; scores: Scores } | undefined
  private readonly began = performance.now()

  constructor(
    private readonly training: Training,
    private readonly tuning: Tuning,
    private readonly trainModel: TrainModel,
    private readonly raw: Training['data'],
  ) {}

  /**
   * The best of all trials, or the closed form where that is not clearly worse (see trainOrFallBack);
   * nothing where the watcher stopped one.
   */
  async run(): Promise<Trial | undefined> {
    const { tuning, training } = this
    const done = (await this.attempt({})) && (await this.steps())
    if (done && isWorthIt(training)) await this.attempt({ closedForm: tuning.form })
    return done ? this.best?.trial : undefined
  }

  /** Says whether to go on. */
  private async steps(): Promise<boolean> {
    const { tuning, training } = this
    for (const [name, values] of Object.entries(STEPS)) {
      if (tuning.kept.has(name as keyof Variation)) continue
      const from = this.chosen
      for (const value of values) {
        const variation = { ...from, [name]: value } as Variation
        if (!isPossible(variation, training) || isAsGiven(name, value, training)) continue
        if (this.isOver()) return true
        if (!(await this.attempt(variation).catch(error => this.passOver(variation, error))))
          return false
      }
    }
    return true
  }

  /** What the data do not allow (a start, where a modality shares nothing), or what diverges. */
  private passOver(variation: Variation, error: unknown): true {
    if (!(error instanceof PcmError && error.exit === Exit.badData)) throw error
    const options = textOf(variation)
    const text = `${options}: passed over: ${error.message}`
    this.training.watcher.note?.('trial', { options, error: error.message }, text)
    return true
  }

  private isOver(): boolean {
    return performance.now() - this.began > this.tuning.minutes * 60_000
  }

  /** Trains and scores; says whether to go on. */
  private async attempt(variation: Variation): Promise<boolean> {
    const { training, raw, trainModel, tried } = this
    const { engine, chosen, settings, watcher } = training
    const model = await this.trial(variation, trainModel)
    if (!model) return false
    const scores = await scoresOf(engine, model, raw, chosen.val, settings.pairs)
    const trial = { options: textOf(variation), map: mean(overall(scores)) }
    if (Number.isNaN(trial.map))
      throw badUsage(`${training.source}: --tune: no validation row has both sides of a pair`)
    tried.push(trial)
    const taken = this.isTaken(variation, scores)
    if (taken) [this.best, this.chosen] = [{ trial, scores }, variation]
    watcher.note?.(
      'trial',
      { ...trial, taken },
      `${trial.options || 'as given'}: val map ${trial.map.toFixed(4)}${taken ? ' (taken)' : ''}`,
    )
    return true
  }

  private isTaken({ closedForm }: Variation, scores: Scores): boolean {
    if (!this.best) return true
    if (closedForm) return !isClearlyBetter(this.best.scores, scores)
    const ahead = leadOverall(scores, this.best.scores)
    return ahead.mean > ahead.error
  }

  private async trial(variation: Variation, trainModel: TrainModel): Promise<Model | undefined> {
    const { training, raw } = this
    const val = new Int32Array(0)
    if (variation.closedForm)
      return await closed(
        training,
        variation.closedForm,
        raw,
        { ...training.chosen, val },
        trainModel,
      )
    const quiet = { start: () => {}, epoch: () => {}, warn: () => {}, refit: () => {} }
    const given = varied({ ...training, data: copyOf(raw) }, variation)
    return await trainModel({
      ...given,
      task: { ...given.task, refit: false },
      checkpoints: undefined,
      watcher: { ...training.watcher, ...quiet },
    })
  }
}

/** Values that all modalities have anyway are tried with everything else. */
const isAsGiven = (name: string, value: unknown, { settings, data }: Training): boolean => {
  const heads = Object.keys(data.modalities).map(settings.head)
  if (name === 'dim') return settings.dim === value
  if (name === 'decay') return settings.decay === value
  if (name === 'head') return heads.every(({ kind }) => kind === value)
  return name === 'dropout' && heads.every(({ dropout }) => dropout === value)
}

function refuse({ data, chosen, source }: Training): void {
  if (chosen.val.length < 2)
    throw badUsage(
      `${source}: --tune needs validation rows, found ${chosen.val.length}`,
      'see --val and the split column',
    )
  if (!Object.values(data.modalities).every(m => m.type === 'codes' || inMemory(m)))
    throw badUsage('--tune tries features again and again: it needs them in memory', 'see --memory')
}
