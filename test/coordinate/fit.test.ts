import t from 'tap'
import { fit, type Fit, type Watcher } from '../../lib/coordinate/fit.js'
import { layoutOf } from '../../lib/coordinate/layout.js'
import type { TrainSettings } from '../../lib/coordinate/settings.js'
import { startOf } from '../../lib/coordinate/start.js'
import { Exit } from '../../lib/error.js'
import { both } from '../engine/compute.js'
import { rejected } from './refused.js'
import { settingsOf, smallHead } from './settings.js'
import { datasetOf, rowsFrom, world } from './world.js'

t.teardown(async () => await both().onnx.dispose())

const SIZE = { rows: 90, latent: 3, dim: 6, noise: 0.5 }
const features = world(['photo', 'text'], SIZE)

const given = (own: Partial<TrainSettings> = {}): Fit => {
  const settings = settingsOf({ epochs: 6, batch: 16, ...own })
  const layout = layoutOf(
    ['photo', 'text'].map(name => smallHead(name, 'mlp', { input: SIZE.dim, dropout: 0.25 })),
  )
  return {
    engine: both().onnx,
    data: datasetOf(features, SIZE.dim),
    layout,
    settings,
    initial: startOf(layout, settings, undefined),
    train: rowsFrom(0, 60),
    val: rowsFrom(60, 90),
  }
}

interface Told {
  epochs: { epoch: number; loss: number; mean: number | undefined; best: boolean }[]
  losses: number[]
}

/** A watcher that writes everything down, and stops after so many steps. */
const watching = (stopAfter = Infinity): Watcher & Told => {
  const told: Told = { epochs: [], losses: [] }
  return {
    ...told,
    step(done, total, loss) {
      told.losses.push(loss)
      t.equal(done, told.losses.length)
      t.ok(done <= total)
      return done < stopAfter
    },
    epoch: ({ epoch, loss }, validation, best) =>
      void told.epochs.push({ epoch, loss, mean: validation?.mean, best }),
  }
}

t.test('the best epoch by validation is kept, and nothing of later ones', async t => {
  const watcher = watching()
  const fitted = await fit(given(), watcher)
  const means = watcher.epochs.map(({ mean }) => mean!)
  const best = means.indexOf(Math.max(...means)) + 1
  t.equal(watcher.epochs.length, 6)
  t.equal(fitted!.epoch, best, 'the first of the best')
  t.equal(fitted!.validation!.mean, Math.max(...means))
  t.same(Object.keys(fitted!.validation!.directions), ['photo>text', 'text>photo'])
  for (const [i, { best }] of watcher.epochs.entries())
    t.equal(
      best,
      means.slice(0, i).every(m => m < means[i]!),
      `epoch ${i + 1}`,
    )
  const again = await fit({ ...given(), stopAfter: best }, watching())
  t.same(again!.learned, fitted!.learned, 'the same as stopping there')
})

t.test('equal seeds give equal bytes, others do not', async t => {
  const [one, two, three] = [
    await fit(given(), watching()),
    await fit(given(), watching()),
    await fit(given({ seed: 1 }), watching()),
  ]
  t.same(one!.learned, two!.learned)
  t.notSame(one!.learned, three!.learned)
})

t.test('training stops early once patience is over', async t => {
  // A rate of nothing: no epoch is better than the first.
  const watcher = watching()
  const fitted = await fit(given({ rate: 0, epochs: 50, patience: 3 }), watcher)
  t.equal(watcher.epochs.length, 4)
  t.equal(fitted!.epoch, 1)
  t.equal(fitted!.epochs, 4)
  t.equal(fitted!.steps, 12)
  t.equal((await fit(given({ rate: 0, patience: 0 }), watching()))!.epochs, 6, 'never, if 0')
})

t.test('without validation rows the last epoch is taken', async t => {
  const watcher = watching()
  const fitted = await fit({ ...given(), val: new Int32Array(0) }, watcher)
  t.equal(fitted!.epoch, 6)
  t.equal(fitted!.validation, undefined)
  t.ok(watcher.epochs.every(({ best }) => best))
})

t.test('a watcher can stop it between any two steps', async t => {
  const watcher = watching(5)
  t.equal(await fit(given(), watcher), undefined)
  t.equal(watcher.losses.length, 5)
})

t.test('the loss of an epoch is the mean of its steps, and goes down', async t => {
  const watcher = watching()
  await fit(given({ epochs: 12 }), watcher)
  const steps = watcher.losses.length / 12
  t.equal(steps, 3, '60 rows in batches of 16, without the remainder')
  const means = watcher.epochs.map(
    (_, i) => watcher.losses.slice(i * steps, (i + 1) * steps).reduce((a, b) => a + b, 0) / steps,
  )
  for (const [i, { loss }] of watcher.epochs.entries()) t.ok(Math.abs(loss - means[i]!) < 1e-9)
  t.ok(means.at(-1)! < means[0]! / 1.5, `${means[0]} to ${means.at(-1)}`)
})

t.test('a batch is never larger than what there is', async t => {
  const watcher = watching()
  await fit(given({ batch: 1000, epochs: 2 }), watcher)
  t.equal(watcher.losses.length, 2)
})

t.test('a loss that is no number is bad data, with its step', async t => {
  await rejected(
    t,
    fit(given({ rate: 1e30, clip: Infinity, decay: 0 }), watching()),
    Exit.badData,
    /the loss is (NaN|-?Infinity) at step \d+ \(epoch 1\)/,
  )
})
