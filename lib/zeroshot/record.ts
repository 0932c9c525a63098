import { decimals } from '../align.js'
import type { MetricRecord } from '../retrieve/report/record.js'
import { round } from '../retrieve/report/round.js'
import type { Accuracy } from './accuracy.js'
import { rowsOf, type Prototypes } from './prototypes/prototypes.js'
import type { Zeroshot } from './zeroshot.js'

export interface Settings {
  /** Where the prototypes come from, as it was written. */
  classes?: string
  classModality?: string
  shots?: number
  where: readonly string[]
  seed: number
}

/** The record of one modality, with how it was made inside (DESIGN 4, Records). */
export const zeroshotRecord = (
  modality: string,
  accuracy: Accuracy,
  { plan, prototypes, engine }: Zeroshot,
  settings: Settings,
): MetricRecord => {
  const { items, top1, top5, meanPerClass, classesPresent, ...counts } = accuracy
  const classes = prototypes.names.length
  return {
    modality,
    classes,
    items,
    top1: top1 && round(top1),
    top5: top5 && round(top5),
    mean_per_class: meanPerClass && round(meanPerClass),
    protocol: {
      label: plan.truth?.column ?? null,
      classes_present: classesPresent,
      ...counts,
      tie_rule: 'pessimistic',
      ...(classes < 5 && { k_over_classes: [5] }),
      prototypes: {
        ...(settings.classes !== undefined && { file: settings.classes }),
        ...(settings.classModality !== undefined && { modality: settings.classModality }),
        ...prototypesMade(prototypes, settings),
      },
      score: 'cosine',
      bank: null,
      ...(settings.where.length && { where: settings.where }),
      engine: engine(),
      seed: settings.seed,
    },
  }
}

const prototypesMade = (prototypes: Prototypes, { shots }: Settings) => {
  const { opposed, short, complete } = prototypes
  return {
    rows: rowsOf(prototypes),
    opposed,
    ...(shots !== undefined && { shots, short }),
    ...(complete !== undefined && { complete }),
  }
}

/** `photo: top1 81.2 %, top5 97.0 %, mean per class 80.9 % of 500 items`. */
export const summaryLine = ({
  modality,
  items,
  top1,
  top5,
  mean_per_class,
}: MetricRecord): string => {
  const percent = (value: unknown) => `${decimals(value, 1)} %`
  return `${modality}: top1 ${percent(top1)}, top5 ${percent(top5)}, mean per class ${percent(mean_per_class)} of ${items} items`
}
