import t from 'tap'
import { lead, mean } from '../../../lib/coordinate/choose/score.js'

t.test('the lead is the mean difference, and its error that of a mean of independent rows', t => {
  const [a, b] = [Float64Array.of(1, 0.5, 0.5, 1), Float64Array.of(0.5, 0.5, 1, 0)]
  // Differences 0.5, 0, -0.5, 1: mean 0.25, sample variance 1.25 / 3.
  const found = lead(a, b)
  t.equal(found.mean, 0.25)
  t.ok(Math.abs(found.error - Math.sqrt(1.25 / 3 / 4)) < 1e-15)
  t.end()
})

t.test('rows without a score count for nothing', t => {
  const some = Float64Array.of(1, NaN, 0.5)
  t.equal(mean(some), 0.75)
  t.equal(lead(some, Float64Array.of(0, 0, 0)).mean, 0.75)
  t.ok(Number.isNaN(mean(Float64Array.of(NaN))))
  t.end()
})
