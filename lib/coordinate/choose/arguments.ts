import { badUsage } from '../../error.js'
import { parseClosedForm, type TrainArguments } from '../arguments.js'
import type { WeightedTerm } from '../losses/term.js'
import { termText } from '../losses/parse-term.js'
import type { Model } from '../model.js'
import type { TrainTask } from '../train.js'
import type { Variation } from './variation.js'

type Choice = Pick<TrainTask, 'fallback' | 'tune' | 'whiten' | 'start'>

/**
 * What chooses by the validation rows, and what it chooses among. Without a word on it a default training
 * (by pcmc, with default heads, from nothing) falls back on a closed form where that is as good.
 * Refuses (64) what excludes one another.
 */
export function choiceFrom(
  args: TrainArguments,
  terms: readonly WeightedTerm[],
  init: Model | undefined,
): Choice {
  const { tune, whiten, refit } = args
  const start = args.start === 'random' ? undefined : args.start
  const asked = {
    '--tune': tune !== undefined,
    '--whiten': whiten !== undefined,
    '--start': start !== undefined,
    '--fallback': args.fallback === 'cca',
  }
  const excluded = {
    '--closed-form': args.closedForm !== undefined,
    '--init': init !== undefined,
  }
  for (const [option, given] of Object.entries(asked))
    for (const [other, there] of Object.entries(excluded))
      if (given && there) throw badUsage(`${option} is about new heads in training, not ${other}`)
  if (tune !== undefined && args.checkpoint !== undefined)
    throw badUsage('--tune trains many times: it keeps no --checkpoint')
  if (tune !== undefined && args.fallback === 'cca')
    throw badUsage('--tune tries the closed form itself: it needs no --fallback')
  if (args.fallback === 'cca' && refit)
    throw badUsage('--fallback compares on rows that --refit would train on')
  const form = parseClosedForm('cca')
  return {
    whiten,
    start,
    tune: tune === undefined ? undefined : { minutes: tune, form, kept: keptBy(args) },
    fallback: fallsBack(args, terms, init) ? form : undefined,
  }
}

function fallsBack(
  { fallback, closedForm, tune, refit, head, pooling }: TrainArguments,
  terms: readonly WeightedTerm[],
  init: Model | undefined,
): boolean {
  if (fallback !== undefined) return fallback === 'cca'
  const plain = terms.map(termText).join() === 'pcmc' && head.length + pooling.length === 0
  return plain && !closedForm && !init && !refit && tune === undefined
}

/** What the command line says of heads is not searched. */
const keptBy = ({ head, dim, whiten, start }: TrainArguments): Set<keyof Variation> =>
  new Set([
    ...(head.length > 0 ? (['head'] as const) : []),
    ...(dim !== undefined ? (['dim'] as const) : []),
    ...(whiten !== undefined ? (['whiten'] as const) : []),
    ...(start !== undefined && start !== 'random' ? (['start'] as const) : []),
  ])
