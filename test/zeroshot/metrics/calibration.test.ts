import t from 'tap'
import { Calibration } from '../../../lib/zeroshot/metrics/calibration.js'
import { scoredOf, topOf } from './scored.js'

/** An item of two classes whose answer is class 0 with this confidence. */
const item = (confidence: number, right: boolean) => {
  const scores = [Math.log(confidence), Math.log(1 - confidence)]
  return scoredOf([right ? 0 : 1], topOf(scores), { scores: Float64Array.from(scores) })
}

t.test('by hand: bins closed on the right', async t => {
  const calibration = new Calibration({ bins: 5, temperature: 1 })
  for (const [confidence, right] of [
    [0.9, true],
    [0.9, true],
    [0.95, false],
    [0.7, true],
  ] as const)
    calibration.add(item(confidence, right))
  const { ece, mce, bins } = calibration.result()
  // Bin .6 to .8: 1 item, accuracy 1, confidence .7. Bin .8 to 1: 3 items, 2/3 against 2.75/3.
  t.ok(Math.abs(ece! - (100 * (0.3 + 0.75)) / 4) < 1e-9, `${ece}`)
  t.ok(Math.abs(mce! - 30) < 1e-9, `${mce}`)
  t.same(
    bins.map(({ items }) => items),
    [0, 0, 0, 1, 3],
  )
  t.same([bins[3]!.low, bins[3]!.high, bins[3]!.accuracy], [0.6, 0.8, 1])
  t.equal(bins[0]!.accuracy, null)
})

t.test(
  'a bin holds its upper end and not its lower one; certainty falls into the last',
  async t => {
    const calibration = new Calibration({ bins: 2, temperature: 1 })
    const level = Float64Array.of(0.3, 0.3)
    calibration.add(scoredOf([0], topOf([...level]), { scores: level }))
    calibration.add(scoredOf([0], topOf([900, 0]), { scores: Float64Array.of(900, 0) }))
    const { bins, ece } = calibration.result()
    t.same(
      bins.map(({ items }) => items),
      [1, 1],
    )
    t.ok(Math.abs(ece! - 25) < 1e-9, 'level classes are wrong with confidence 1/2')
  },
)

t.test('a low temperature overflows nothing', async t => {
  const calibration = new Calibration({ bins: 15, temperature: 1e-6 })
  const scores = Float64Array.of(-1, 1, 0.5)
  calibration.add(scoredOf([1], topOf([...scores]), { scores }))
  t.match(calibration.result(), { ece: 0, mce: 0 })
})

t.test('nothing to score is null', async t => {
  t.match(new Calibration({ bins: 3, temperature: 1 }).result(), { ece: null, mce: null })
})
