import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { SeenUnseenCurve, harmonicMean } from '../../../lib/zeroshot/generalised/curve.js'
import { stack } from '../../../lib/zeroshot/generalised/stack.js'
import { AccuracyCounter, meanOver } from '../../../lib/zeroshot/metrics/accuracy.js'
import { AveragePrecision } from '../../../lib/zeroshot/metrics/average-precision.js'
import { Calibration } from '../../../lib/zeroshot/metrics/calibration.js'
import type { Top } from '../../../lib/retrieve/top.js'
import { root } from '../../sandbox.js'
import { scoredOf, topOf } from './scored.js'

/** Figures of scikit-learn and torchmetrics (test/crosscheck/zeroshot.py, which draws the same). */
interface Reference {
  gamma: number
  temperature: number
  bins: number
  keys: string[]
  cases: string[]
}
type Value = number | null | undefined
type Figures = Record<string, Value | string>

const path = join(root, 'fixtures/reference/zeroshot.json')
const { keys, cases, ...settings } = JSON.parse(readFileSync(path, 'utf8')) as Reference

const draw = (index: number) => {
  let state = index + 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8
  for (let i = 0; i < 4; i++) next()
  const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make)
  const items = 3 + (next() % 18)
  const classes = 3 + (next() % 5)
  const unseen = 1 + (next() % (classes - 1))
  const value = () => (index % 2 === 0 ? ((next() % 5) - 2) / 2 : next() / 2 ** 23 - 1)
  const scores = times(items, () => times(classes, value))
  const labels = times(items, () => next() % classes)
  const several = times(items, () => times(classes, () => next() % 4 === 0))
  return { classes, unseen, scores, labels, several }
}

/** The nearest of the classes that are wanted, by their indices among all. */
const side = (scores: readonly number[], wanted: (index: number) => boolean): Top => {
  const indices = [...scores.keys()].filter(wanted)
  const top = topOf(indices.map(index => scores[index]!))
  return { ...top, entries: top.entries.map(entry => indices[entry]!) }
}

const measure = (index: number): Figures => {
  const { classes, unseen, scores, labels, several } = draw(index)
  const isUnseen = (label: number) => label >= classes - unseen
  const unseenSet = new Set([...Array(classes).keys()].filter(isUnseen))
  const accuracy = new AccuracyCounter(classes, [1, 2])
  const calibrated = new AccuracyCounter(classes, [1])
  const calibration = new Calibration(settings)
  const precision = new AveragePrecision(classes)
  const curve = new SeenUnseenCurve(classes, unseenSet)
  scores.forEach((row, i) => {
    const right = [labels[i]!]
    const exact = Float64Array.from(row)
    const sides = { seen: side(row, label => !isUnseen(label)), unseen: side(row, isUnseen) }
    const one = scoredOf(right, topOf(row, 2), { scores: exact, sides })
    for (const meter of [accuracy, calibration, curve]) meter.add(one)
    calibrated.add(scoredOf(right, stack(sides.seen, sides.unseen, settings.gamma, 1)))
    const all = [...several[i]!.keys()].filter(label => several[i]![label])
    precision.add(scoredOf(all, topOf(row, 1), { scores: exact }))
  })
  const { top, meanPerClass } = accuracy.result()
  const { ece, mce } = calibration.result()
  const macro = (wanted: boolean) =>
    meanOver(calibrated.perClass().filter(({ index }) => isUnseen(index) === wanted))
  const [seen, other] = [macro(false), macro(true)]
  const confusion = new Map(
    accuracy.confusion().map(({ label, predicted, count }) => [label * classes + predicted, count]),
  )
  const part = (percent: Value) => (typeof percent === 'number' ? percent / 100 : percent)
  return {
    top1: part(top.get(1)),
    top2: part(top.get(2)),
    mean_per_class: part(meanPerClass),
    ece: part(ece),
    mce: part(mce),
    map: precision.result().map,
    acc_seen: part(seen),
    acc_unseen: part(other),
    h: seen === null || other === null ? null : harmonicMean(seen, other) / 100,
    ausuc: curve.area(),
    best_h: part(curve.best()?.h ?? null),
    confusion: String.fromCharCode(
      ...Array.from({ length: classes ** 2 }, (_, at) => 48 + (confusion.get(at) ?? 0)),
    ),
  }
}

t.ok(cases.length >= 2000, `${cases.length} cases`)
const measured = cases.map((_, index) => measure(index))
keys.forEach((key, at) =>
  t.test(`${key} is what the peers say`, async t => {
    let different = 0
    cases.forEach((text, index) => {
      const wanted = (JSON.parse(text) as unknown[])[at]
      const found = measured[index]![key]
      const same =
        typeof wanted === 'number' && typeof found === 'number'
          ? Math.abs(wanted - found) < 2e-6
          : wanted === found
      if (!same && different++ === 0) t.fail(`case ${index}: ${String(found)}, ${String(wanted)}`)
    })
    t.equal(different, 0, `${cases.length} cases`)
  }),
)
