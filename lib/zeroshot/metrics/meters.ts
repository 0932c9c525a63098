import type { LabelSpace } from '../label-space.js'
import { SeenUnseenCurve } from '../generalised/curve.js'
import { AccuracyCounter } from './accuracy.js'
import { AveragePrecision } from './average-precision.js'
import { Calibration } from './calibration.js'
import { Outcomes } from './resample.js'
import type { Scored } from './scored.js'

export interface MeterOptions {
  ks: readonly number[]
  /** Rows may have several right classes. */
  multi: boolean
  temperature?: number
  bins: number
  bootstrap?: number
}

/** All that is measured of one modality. */
export interface Meters {
  accuracy: AccuracyCounter
  /** With several labels a row. */
  precision?: AveragePrecision
  /** With a temperature. */
  calibration?: Calibration
  /** With unseen classes. */
  curve?: SeenUnseenCurve
  /** With a bootstrap. */
  outcomes?: Outcomes
  add(scored: Scored): void
}

/** Opens what the options ask for. */
export const openMeters = ({ prototypes, unseen }: LabelSpace, options: MeterOptions): Meters => {
  const { ks, multi, temperature, bins, bootstrap } = options
  const classes = prototypes.names.length
  const accuracy = new AccuracyCounter(classes, ks)
  const precision = multi ? new AveragePrecision(classes) : undefined
  const calibration = temperature === undefined ? undefined : new Calibration({ bins, temperature })
  const curve = unseen && new SeenUnseenCurve(classes, unseen)
  const outcomes = bootstrap === undefined ? undefined : new Outcomes(classes, ks, unseen)
  const meters = [accuracy, precision, calibration, curve, outcomes].filter(
    meter => meter !== undefined,
  )
  return {
    accuracy,
    ...(precision && { precision }),
    ...(calibration && { calibration }),
    ...(curve && { curve }),
    ...(outcomes && { outcomes }),
    add: scored => meters.forEach(meter => meter.add(scored)),
  }
}
