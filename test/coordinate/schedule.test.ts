import t from 'tap'
import { learningRate } from '../../lib/coordinate/schedule.js'

const settings = { rate: 0.5, warmup: 0.1 }
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12

t.test('the rate rises in equal steps to its peak, then falls along a cosine', async t => {
  const rates = Array.from({ length: 100 }, (_, i) => learningRate(i, 100, settings))
  for (let i = 0; i < 10; i++) t.ok(near(rates[i]!, (0.5 * (i + 1)) / 10), `step ${i}`)
  t.ok(near(rates[10]!, 0.5), 'the peak lasts one step more')
  for (let i = 11; i < 100; i++) t.ok(rates[i]! < rates[i - 1]!, `step ${i} falls`)
  t.ok(near(rates[55]!, (0.5 + 0.005) / 2), 'half-way between peak and floor')
  t.ok(rates[99]! > 0.005 && rates[99]! < 0.006, 'the last step is near a hundredth of the peak')
  t.ok(near(learningRate(100, 100, settings), 0.005), 'which is where it would arrive')
})

t.test('short trainings and trainings without warm-up have a rate in every step', async t => {
  for (const warmup of [0, 0.05, 1])
    for (const total of [1, 2, 3, 19])
      for (let i = 0; i < total; i++) {
        const rate = learningRate(i, total, { rate: 1, warmup })
        t.ok(rate > 0.009 && rate <= 1, `${total} steps, warm-up ${warmup}: step ${i} at ${rate}`)
      }
  t.equal(learningRate(0, 50, { rate: 1, warmup: 0 }), 1)
})
