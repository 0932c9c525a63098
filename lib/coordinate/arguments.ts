import { badUsage } from '../error.js'
import { parseWhere } from '../stream/where.js'
import { type FormName, type FormOption, FORMS } from './closed-form/forms.js'
import type { ClosedForm } from './closed-form/model.js'
import type { StartKind } from './closed-form/start.js'
import { choiceFrom } from './choose/arguments.js'
import { HEADS, type HeadKind } from './heads/index.js'
import { TERMS } from './losses/index.js'
import { looksAtTeacher } from './losses/sum.js'
import type { Pair } from './losses/loss.js'
import { parseAdded, parseLoss } from './losses/parse-term.js'
import type { WeightedTerm } from './losses/term.js'
import type { Model } from './model.js'
import { POOLINGS, type PoolingKind } from './poolings/index.js'
import type { Positives } from './positives.js'
import type { RowChoice } from './rows.js'
import type { HeadSettings, Temperature } from './settings.js'
import type { TrainTask } from './train.js'

/** The values of pcm-train's options, as they come from the command line. */
export interface TrainArguments {
  loss: string
  term: readonly string[]
  pair: readonly string[]
  positives: readonly string[]
  temperature: Temperature
  initialTemperature: number
  head: readonly string[]
  hidden: readonly string[]
  pooling: readonly string[]
  dim: number | undefined
  dropout: number
  standardise: boolean
  epochs: number
  batch: number
  neighbours: number
  lr: number
  decay: number
  warmup: number
  clip: number
  patience: number | undefined
  momentum: number
  queue: number
  train: string | undefined
  val: string | undefined
  refit: boolean
  closedForm: string | undefined
  fallback?: 'cca' | 'none' | undefined
  tune?: number | undefined
  whiten?: number | undefined
  start?: 'random' | StartKind
  checkpoint?: string | undefined
  freeze: readonly string[]
  memory?: string | undefined
  seed: number
}

const DEFAULT_HEAD: HeadKind = 'residual-mlp'
const DEFAULT_DIM = 128

/**
 * Command-line values as a task, with the models of --init and --teacher. Throws usage (64) for what
 * cannot be meant.
 */
export function taskFrom(
  args: TrainArguments,
  init: Model | undefined,
  teacher?: Model,
): TrainTask {
  const dim = args.dim ?? init?.description.dim ?? DEFAULT_DIM
  if (args.closedForm !== undefined && init)
    throw badUsage('--closed-form makes all heads at once: it cannot start from --init')
  const terms = [parseLoss(args.loss), ...args.term.map(parseAdded)]
  if (terms.filter(({ name }) => TERMS[name]!.parameters).length > 1)
    throw badUsage('--term itm is given twice: a pair has one fusion encoder')
  if (terms.filter(({ name }) => TERMS[name]!.augmentation).length > 1)
    throw badUsage('--term ims is given twice: an item has one second view')
  if (args.closedForm !== undefined && args.pooling.length > 0)
    throw badUsage('--closed-form pools tokens by their mean: it takes no --pooling')
  if (args.neighbours > args.batch)
    throw badUsage(`--neighbours ${args.neighbours}: a batch has ${args.batch} rows, see --batch`)
  if (args.freeze.length > 0 && !init) throw badUsage('--freeze needs --init FILE')
  return {
    settings: {
      terms,
      temperature: args.temperature,
      scale: 1 / args.initialTemperature,
      dim,
      head: headSettings(args, dim),
      frozen: new Set(args.freeze),
      epochs: args.epochs,
      batch: args.batch,
      together: args.neighbours,
      rate: args.lr,
      decay: args.decay,
      clip: args.clip === 0 ? Infinity : args.clip,
      warmup: args.warmup,
      patience: args.patience ?? 0,
      momentum: args.momentum,
      queue: args.queue,
      seed: args.seed,
    },
    pairs: args.pair.map(parsePair),
    positives: args.positives.map(parsePositives),
    rows: rowChoice(args),
    refit: args.refit,
    memory: args.memory === undefined ? undefined : parseSize(args.memory),
    standardise: args.standardise,
    ...(args.closedForm !== undefined && { closedForm: parseClosedForm(args.closedForm) }),
    ...choiceFrom(args, terms, init),
    ...(init && { init }),
    ...teacherOf(terms, init, teacher),
  }
}

/** What terms compare with: the model of --teacher, or else that of --init. */
function teacherOf(
  terms: readonly WeightedTerm[],
  init: Model | undefined,
  teacher: Model | undefined,
): Pick<TrainTask, 'teacher'> {
  const looking = looksAtTeacher(terms)[0]?.name
  if (!looking && teacher)
    throw badUsage('--teacher: no term of the loss looks at it', 'see pcm-train --list')
  if (!looking) return {}
  const found = teacher ?? init
  if (!found)
    throw badUsage(
      `${looking} compares with another model`,
      'name it: --teacher FILE, or --init FILE where training begins with it',
    )
  return { teacher: found }
}

/** `A+B[:WEIGHT]` */
export function parsePair(text: string): Pair {
  const match = /^([^+]+)\+([^+]+?)(?::([^:]*))?$/.exec(text)
  const weight = match?.[3] === undefined ? 1 : Number(match[3] || NaN)
  if (!match || !(weight > 0 && Number.isFinite(weight)))
    throw badUsage(`--pair ${text}: expected A+B or A+B:WEIGHT with a weight above 0`)
  return { a: match[1]!, b: match[2]!, weight }
}

/** `NAME[,OPTION=NUMBER]...` */
export function parseClosedForm(text: string): ClosedForm {
  const [name = '', ...given] = text.split(',')
  if (!Object.hasOwn(FORMS, name))
    throw badUsage(`--closed-form ${text}: expected one of ${Object.keys(FORMS).join(', ')}`)
  const { options } = FORMS[name as FormName]
  const form: ClosedForm = { name: name as FormName }
  for (const [option, spec] of Object.entries(options)) form[option as FormOption] = spec.default
  for (const word of given) {
    const [, option = '', number] = /^([^=]+)=(.+)$/.exec(word) ?? []
    const value = Number(number?.trim() || NaN)
    if (!Object.hasOwn(options, option) || !(value >= 0 && Number.isFinite(value))) {
      const expected = [name, ...Object.keys(options).map(known => `[,${known}=NUMBER]`)].join('')
      throw badUsage(`--closed-form ${text}: expected ${expected}, numbers from 0 on`)
    }
    form[option as FormOption] = value
  }
  return form
}

/** `[A+B:]COLUMN` */
export function parsePositives(text: string): Positives {
  const match = /^(?:([^+:]+)\+([^+:]+):)?([^:]+)$/.exec(text)
  if (!match) throw badUsage(`--positives ${text}: expected COLUMN or A+B:COLUMN`)
  const [, a, b, column] = match
  return a && b ? { pair: { a, b }, column: column! } : { column: column! }
}

const UNITS = ['', 'K', 'M', 'G', 'T']

/** `SIZE[K|M|G|T]`, in bytes and powers of 1024. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/.exec(text)
  if (match) return Math.floor(Number(match[1]) * 1024 ** UNITS.indexOf(match[2]!))
  throw badUsage(`--memory ${text}: expected a size such as 800M or 2G`)
}

function rowChoice({ train, val }: TrainArguments): RowChoice {
  return {
    train: train === undefined ? undefined : parseWhere(train),
    val: val === undefined ? undefined : parseVal(val),
  }
}

function parseVal(text: string): NonNullable<RowChoice['val']> {
  if (text.includes('=')) return parseWhere(text)
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share < 1))
    throw badUsage(`--val ${text}: expected COLUMN=VALUE or a share from 0 to below 1`)
  return share
}

/** `[NAME=]VALUE` options: one for all modalities, and one for each that is named. */
function headSettings(
  { head, hidden, pooling, dropout }: TrainArguments,
  dim: number,
): (modality: string) => HeadSettings {
  const kinds = byModality('head', head, kind => {
    if (!Object.hasOwn(HEADS, kind))
      throw badUsage(`--head ${kind}: expected one of ${Object.keys(HEADS).join(', ')}`)
    return kind as HeadKind
  })
  const widths = byModality('hidden', hidden, text => {
    const width = Number(text)
    if (!Number.isInteger(width) || width < 1)
      throw badUsage(`--hidden ${text}: expected a whole number above 0`)
    return width
  })
  const poolings = byModality('pooling', pooling, kind => {
    if (!Object.hasOwn(POOLINGS, kind))
      throw badUsage(`--pooling ${kind}: expected one of ${Object.keys(POOLINGS).join(', ')}`)
    return kind as PoolingKind
  })
  return modality => ({
    kind: kinds(modality) ?? DEFAULT_HEAD,
    hidden: widths(modality) ?? 2 * dim,
    dropout,
    pooling: poolings(modality),
  })
}

function byModality<T>(
  option: string,
  values: readonly string[],
  parse: (text: string) => T,
): (modality: string) => T | undefined {
  const known = new Map<string, T>()
  for (const value of values) {
    const at = value.indexOf('=')
    const name = at < 0 ? '' : value.slice(0, at)
    if (known.has(name))
      throw badUsage(`--${option} ${value}: given twice for ${name || 'all modalities'}`)
    known.set(name, parse(value.slice(at + 1)))
  }
  return modality => known.get(modality) ?? known.get('')
}
