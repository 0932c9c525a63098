import { badUsage } from '../../error.js'
import { readGate, type Gate } from '../../retrieve/gate.js'
import type { Zeroshot } from '../zeroshot.js'

/** Reads `--fail-under MODALITY:METRIC=NUMBER`; what will not be measured is refused (64). */
export const zeroshotGates = (
  texts: readonly string[],
  { plan, space, multi }: Zeroshot,
  ks: readonly number[],
): Gate[] => {
  if (texts.length && !plan.truth)
    throw badUsage('--fail-under: there is no truth to score by', 'name its column with --label')
  const names = [
    ...ks.map(k => `top${k}`),
    multi ? 'map' : 'mean_per_class',
    ...(space.unseen ? ['acc_seen', 'acc_unseen', 'h', 'ausuc'] : []),
  ]
  return texts.map(text =>
    readGate(text, {
      form: 'MODALITY:METRIC=NUMBER',
      subjects: plan.fields.map(({ name }) => name),
      metrics: names.map(name => ({ name, unit: 'percent' })),
    }),
  )
}
