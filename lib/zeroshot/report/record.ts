import { decimals } from '../../align.js'
import type { MetricRecord } from '../../retrieve/report/record.js'
import { round } from '../../retrieve/report/round.js'
import type { Resampling } from '../../retrieve/uncertainty/resample.js'
import { harmonicMean } from '../generalised/curve.js'
import { meanOver, type ClassAccuracy } from '../metrics/accuracy.js'
import type { Meters } from '../metrics/meters.js'
import type { Intervals } from '../metrics/resample.js'
import type { Zeroshot } from '../zeroshot.js'
import { protocol, sharedProtocol, type Settings } from './protocol.js'

/** The record of one modality, with how it was made inside (DESIGN 4, Records). */
export const zeroshotRecord = (
  modality: string,
  work: Zeroshot,
  settings: Settings,
): MetricRecord => {
  const meters = work.meters.get(modality)!
  const { items, top, meanPerClass } = meters.accuracy.result()
  const tops = [...top].map(([k, share]) => [`top${k}`, rounded(share)])
  const calibration = meters.calibration?.result()
  return {
    modality,
    classes: work.space.prototypes.names.length,
    items,
    ...Object.fromEntries(tops),
    ...(meters.precision
      ? { map: rounded(meters.precision.result().map) }
      : { mean_per_class: rounded(meanPerClass) }),
    ...seenAndUnseen(work, meters),
    ...(calibration && { ece: rounded(calibration.ece), mce: rounded(calibration.mce) }),
    ...(meters.outcomes && { ci: intervals(work, meters, settings) }),
    protocol: protocol(modality, work, settings),
  }
}

/** A record for each class that some item has. */
export const classRecords = (
  modality: string,
  work: Zeroshot,
  settings: Settings,
): MetricRecord[] => {
  const { accuracy, precision } = work.meters.get(modality)!
  const { names } = work.space.prototypes
  const of = (index: number) => ({
    modality,
    by: 'class',
    value: names[index]!,
    ...(work.space.unseen && { unseen: work.space.unseen.has(index) }),
  })
  const how = { protocol: sharedProtocol(work, settings) }
  if (precision)
    return precision
      .result()
      .classes.map(({ index, items, ap }) => ({ ...of(index), items, ap: round(ap), ...how }))
  return accuracy.perClass().map(({ index, items, right, predicted }) => ({
    ...of(index),
    items,
    top1: round((100 * right) / items),
    predicted,
    precision: predicted === 0 ? null : round((100 * right) / predicted),
    ...how,
  }))
}

/** Accuracy by side, macro, and what is made of both (METHODS 4.9). */
const seenAndUnseen = ({ space: { unseen } }: Zeroshot, { accuracy, curve }: Meters) => {
  if (!unseen || !curve) return {}
  const side = (wanted: boolean) =>
    meanOver(accuracy.perClass().filter(({ index }: ClassAccuracy) => unseen.has(index) === wanted))
  const [accSeen, accUnseen] = [side(false), side(true)]
  return {
    acc_seen: rounded(accSeen),
    acc_unseen: rounded(accUnseen),
    h: accSeen === null || accUnseen === null ? null : round(harmonicMean(accSeen, accUnseen)),
    ausuc: rounded(curve.area()),
  }
}

const intervals = (work: Zeroshot, meters: Meters, { bootstrap, seed }: Settings): Intervals => {
  const resampling: Resampling = { resamples: bootstrap!, seed, items: work.items!.count }
  const found = meters.outcomes!.intervals(resampling, meters.precision)
  return Object.fromEntries(
    Object.entries(found).map(([key, ends]) => [
      key,
      ends && (ends.map(round) as [number, number]),
    ]),
  )
}

const rounded = (value: number | null) => (value === null ? null : round(value))

/** `photo: top1 81.2 %, top5 97.0 %, mean_per_class 80.9 % of 500 items`. */
export const summaryLine = (record: MetricRecord): string => {
  const keys = Object.keys(record).filter(key => /^(top\d+|mean_per_class|h)$/.test(key))
  const numbers = keys.map(key => `${key} ${decimals(record[key], 1)} %`)
  return `${record['modality']}: ${numbers.join(', ')} of ${record['items']} items`
}
