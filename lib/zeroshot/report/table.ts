import { align, decimals } from '../../align.js'
import { printable } from '../../printable.js'
import type { MetricRecord } from '../../retrieve/report/record.js'
import type { Accuracy } from '../metrics/accuracy.js'
import { rowsOf } from '../prototypes/prototypes.js'
import type { Zeroshot } from '../zeroshot.js'
import { isTransductive, uncalibrated, type Settings } from './protocol.js'

/** Keys that are from 0 to 1, or counts; all others are in percent. */
const DIGITS: Record<string, number> = { map: 3, ap: 3, ausuc: 3, predicted: 0 }

/** The metrics for a person: a line a modality, its classes under it, then the protocol. */
export const zeroshotTable = (
  records: readonly MetricRecord[],
  work: Zeroshot,
  settings: Settings,
): string => {
  const whole = records.filter(record => !('by' in record))
  const classes = records.filter(record => 'by' in record)
  const blocks = [metricTable(whole)]
  if (classes.length) blocks.push(classTable(classes))
  return printable([...blocks, protocolLines(whole, work, settings)].join('\n'))
}

const metricTable = (records: readonly MetricRecord[]): string => {
  const keys = numberKeys(records[0]!, ['modality', 'classes', 'items', 'ci', 'protocol'])
  return align([
    ['modality', 'classes', 'items', ...keys],
    ...records.flatMap(record => [
      [
        `${record['modality']}`,
        `${record['classes']}`,
        `${record['items']}`,
        ...keys.map(key => cell(key, record[key])),
      ],
      ...intervalRow(record, keys),
    ]),
  ])
}

const intervalRow = ({ ci }: MetricRecord, keys: readonly string[]): string[][] => {
  if (ci === undefined) return []
  const ends = ci as Record<string, [number, number] | null>
  const cells = keys.map(key => ends[key]?.map(end => cell(key, end)).join('-') ?? '')
  return [['  95 %', '', '', ...cells]]
}

const classTable = (records: readonly MetricRecord[]): string => {
  const keys = numberKeys(records[0]!, ['modality', 'by', 'value', 'unseen', 'items', 'protocol'])
  return align([
    ['modality, class', 'items', ...keys],
    ...records.map(record => [
      `${record['modality']}, ${record['value']}${record['unseen'] ? ' (unseen)' : ''}`,
      `${record['items']}`,
      ...keys.map(key => cell(key, record[key])),
    ]),
  ])
}

const numberKeys = (record: MetricRecord, without: readonly string[]): string[] =>
  Object.keys(record).filter(key => !without.includes(key))

const cell = (key: string, value: unknown): string => decimals(value, DIGITS[key] ?? 1)

const protocolLines = (
  records: readonly MetricRecord[],
  work: Zeroshot,
  settings: Settings,
): string => {
  const { plan, space, engine } = work
  const { prototypes, unseen } = space
  const accuracies = [...work.meters.values()].map(({ accuracy }) => accuracy.result())
  const sum = (count: (accuracy: Accuracy) => number) =>
    accuracies.reduce((total, accuracy) => total + count(accuracy), 0)
  const lines = [
    plan.truth ? `truth: ${plan.truth.column}` : 'truth: none, so there is nothing to score',
    `ties: pessimistic, ${sum(({ ties }) => ties)} items have some that count`,
    `score: cosine to ${prototypes.names.length} prototypes from ${rowsOf(prototypes)} rows, ${engine()}`,
  ]
  if (isTransductive(prototypes, settings))
    lines.push('transductive: the labels of the rows that are classified made the prototypes')
  const over = settings.ks.filter(k => k > prototypes.names.length)
  if (over.length)
    lines.push(`more than the classes, so always 100: ${over.map(k => `top${k}`).join(', ')}`)
  if (unseen) lines.push(stackingLine(records, work, settings))
  if (settings.temperature !== undefined)
    lines.push(
      `ece, mce: ${settings.bins} bins of equal width, temperature ${settings.temperature}`,
    )
  if (settings.bootstrap !== undefined)
    lines.push(`95 %: ${settings.bootstrap} resamples of the items with all their rows`)
  const out = {
    'without the modality': sum(({ missing }) => missing),
    'without a label': sum(({ unlabelled }) => unlabelled),
    'with a label that is no class': sum(({ unknown }) => unknown),
  }
  for (const [why, count] of Object.entries(out))
    if (count) lines.push(`not scored: ${count} ${why}`)
  return `${lines.join('\n')}\n`
}

const stackingLine = (
  records: readonly MetricRecord[],
  { space, gamma, meters, tuning }: Zeroshot,
  { tune }: Settings,
): string => {
  const gammas = records.map(({ modality }) => {
    const name = `${modality}`
    const before = uncalibrated(meters.get(name)!.curve!)?.h
    const text = `${name} ${gamma(name).toFixed(4)}`
    return gamma(name) === 0 || before === undefined
      ? text
      : `${text} (h ${before.toFixed(1)} without)`
  })
  const how = tuning ? `chosen on ${tune}` : 'given'
  return `unseen: ${space.unseen!.size} of ${space.prototypes.names.length} classes; gamma ${how}: ${gammas.join(', ')}`
}
