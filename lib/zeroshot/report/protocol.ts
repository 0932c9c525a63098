import { round } from '../../retrieve/report/round.js'
import { harmonicMean, type SeenUnseenCurve } from '../generalised/curve.js'
import { rowsOf, type Prototypes } from '../prototypes/prototypes.js'
import type { Zeroshot } from '../zeroshot.js'

export interface Settings {
  /** Where the prototypes come from, as it was written. */
  classes?: string
  classModality?: string
  shots?: number
  where: readonly string[]
  ks: readonly number[]
  separator?: string
  tune?: string
  temperature?: number
  bins: number
  bootstrap?: number
  seed: number
}

/** How the metrics of a modality were made. */
export const protocol = (modality: string, work: Zeroshot, settings: Settings) => {
  const meters = work.meters.get(modality)!
  const { classesPresent, ties, missing, unlabelled, unknown } = meters.accuracy.result()
  const { plan, space, multi } = work
  const over = settings.ks.filter(k => k > space.prototypes.names.length)
  return {
    label: plan.truth?.column ?? null,
    ...(multi && severalLabels(modality, work, settings)),
    classes_present: classesPresent,
    ties,
    missing,
    unlabelled,
    unknown,
    tie_rule: 'pessimistic',
    ...(over.length && { k_over_classes: over }),
    ...(space.unseen && stacking(modality, work, settings)),
    ...(settings.temperature !== undefined && {
      calibration: {
        confidence: 'largest softmax of score / temperature',
        temperature: settings.temperature,
        bins: settings.bins,
        binning: 'equal width, closed on the right',
      },
    }),
    ...(settings.bootstrap !== undefined && {
      bootstrap: {
        resamples: settings.bootstrap,
        of: 'items by id, with all their rows',
        interval: 'percentiles 2.5 and 97.5',
      },
    }),
    ...sharedProtocol(work, settings),
  }
}

/** What all records of a run share. */
export const sharedProtocol = ({ space, engine }: Zeroshot, settings: Settings) => ({
  prototypes: {
    ...(settings.classes !== undefined && { file: settings.classes }),
    ...(settings.classModality !== undefined && { modality: settings.classModality }),
    ...made(space.prototypes, settings),
    ...(isTransductive(space.prototypes, settings) && { transductive: true }),
  },
  score: 'cosine',
  bank: null,
  ...(settings.where.length && { where: settings.where }),
  engine: engine(),
  seed: settings.seed,
})

/** The labels of the very rows that are classified made the prototypes. */
export const isTransductive = ({ labelled }: Prototypes, { classes }: Settings): boolean =>
  labelled === true && classes === undefined

const made = (prototypes: Prototypes, { shots }: Settings) => {
  const { opposed, short, complete } = prototypes
  return {
    rows: rowsOf(prototypes),
    opposed,
    ...(shots !== undefined && { shots, short }),
    ...(complete !== undefined && { complete }),
  }
}

const severalLabels = (
  modality: string,
  { meters, labels }: Zeroshot,
  { separator }: Settings,
) => ({
  labels: separator === undefined ? 'lists' : `separated by '${separator}'`,
  unknown_labels: labels!.strange,
  hit: 'any',
  map: 'mean over classes present of the average precision of the items',
  map_items: meters.get(modality)!.precision!.result().items,
})

const stacking = (
  modality: string,
  { space, meters, tuning, gamma }: Zeroshot,
  settings: Settings,
) => {
  const unseen = space.unseen!.size
  const plain = uncalibrated(meters.get(modality)!.curve!)
  const chosen = tuning?.byModality.get(modality)
  return {
    generalised: {
      seen: space.prototypes.names.length - unseen,
      unseen,
      gamma: round(gamma(modality)),
      ...(chosen && {
        chosen_on: { file: settings.tune, items: chosen.items, h: round(chosen.h) },
      }),
      ...(gamma(modality) !== 0 && plain && { at_gamma_0: plain }),
      accuracy: 'mean over the classes present of a side, among all classes',
    },
  }
}

/** What calibration starts from, in percent; undefined where one side has no items. */
export const uncalibrated = (curve: SeenUnseenCurve) => {
  if (curve.area() === null) return undefined
  const { seen, unseen } = curve.at(0)
  return {
    acc_seen: round(100 * seen),
    acc_unseen: round(100 * unseen),
    h: round(100 * harmonicMean(seen, unseen)),
  }
}
