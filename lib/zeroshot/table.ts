import { align, decimals } from '../align.js'
import type { MetricRecord } from '../retrieve/report/record.js'
import type { Accuracy } from './accuracy.js'
import { rowsOf } from './prototypes/prototypes.js'
import type { Zeroshot } from './zeroshot.js'

/** The metrics for a person: a line a modality, then the protocol. */
export const zeroshotTable = (
  records: readonly MetricRecord[],
  accuracies: readonly Accuracy[],
  { plan, prototypes, engine }: Zeroshot,
): string => {
  const rows = [['modality', 'classes', 'items', 'top1', 'top5', 'mean_per_class']]
  for (const { modality, classes, items, top1, top5, mean_per_class } of records)
    rows.push([
      `${modality}`,
      `${classes}`,
      `${items}`,
      decimals(top1, 1),
      decimals(top5, 1),
      decimals(mean_per_class, 1),
    ])
  const sum = (count: (accuracy: Accuracy) => number) =>
    accuracies.reduce((total, accuracy) => total + count(accuracy), 0)
  const lines = [
    plan.truth ? `truth: ${plan.truth.column}` : 'truth: none, so there is nothing to score',
    `ties: pessimistic, ${sum(({ ties }) => ties)} items have some that count`,
    `score: cosine to ${prototypes.names.length} prototypes from ${rowsOf(prototypes)} rows, ${engine()}`,
  ]
  if (prototypes.names.length < 5) lines.push('fewer than 5 classes, so top5 is always 100')
  const out = {
    'without the modality': sum(({ missing }) => missing),
    'without a label': sum(({ unlabelled }) => unlabelled),
    'with a label that is no class': sum(({ unknown }) => unknown),
  }
  for (const [why, count] of Object.entries(out))
    if (count) lines.push(`not scored: ${count} ${why}`)
  return `${align(rows)}\n${lines.join('\n')}\n`
}
