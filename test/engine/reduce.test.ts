import fc from 'fast-check'
import t from 'tap'
import { logSumExp } from '../../lib/engine/ops/log-sum-exp.js'
import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case, differences } from './agree.js'
import { both } from './compute.js'
import { axesOf, float, int, makeCase, type Range, seeds, shapes } from './arbitraries.js'
import { distinct, sizeOf } from './numbers.js'

t.teardown(async () => await both().onnx.dispose())

interface Axes {
  axes: number[] | undefined
  keep: boolean
}

const shapeAndAxes = shapes(0, 4).chain(shape =>
  fc.record({
    shape: fc.constant(shape),
    axes: axesOf(shape.length),
    keep: fc.boolean(),
    seed: seeds,
  }),
)

type Reduction = (x: Tensor, axes: number[] | undefined, keep: boolean) => Tensor

const SMOOTH: [string, Reduction, Range?][] = [
  ['sum', (x, axes, keep) => tf.sum(x, axes, keep)],
  ['mean', (x, axes, keep) => tf.mean(x, axes, keep)],
  ['logSumExp', (x, axes, keep) => tf.logSumExp(x, axes, keep)],
  ['variance', (x, axes, keep) => tf.moments(x, axes, keep).variance],
]

const smooth = ([name, operation, range]: (typeof SMOOTH)[number]): fc.Arbitrary<Case> =>
  shapeAndAxes.map(({ shape, axes, keep, seed }) =>
    makeCase(name, [float(shape, seed, range)], x => operation(x!, axes, keep), {
      attributes: [{ axes, keep } satisfies Axes],
    }),
  )

/** Of numbers that are all different: among equals the gradient of a maximum is a convention. */
const extreme = (name: string, operation: Reduction): fc.Arbitrary<Case> =>
  shapeAndAxes.map(({ shape, axes, keep, seed }) =>
    makeCase(
      name,
      [{ shape, values: distinct(sizeOf(shape), seed) }],
      x => operation(x!, axes, keep),
      { attributes: [{ axes, keep } satisfies Axes] },
    ),
  )

t.test('sums, means and extremes over any axes', async t => {
  const family = [
    ...SMOOTH.map(smooth),
    extreme('max', (x, axes, keep) => tf.max(x, axes, keep)),
    extreme('min', (x, axes, keep) => tf.min(x, axes, keep)),
  ]
  await agreeOn(t, family, { runs: 15, seed: 21 })
})

const tall = (name: string, operation: Reduction): fc.Arbitrary<Case> =>
  fc
    .record({
      blocks: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: 5 }),
      keep: fc.boolean(),
      seed: seeds,
    })
    .map(({ blocks, columns, keep, seed }) => {
      const shape = [16 * blocks, columns]
      const values = distinct(sizeOf(shape), seed)
      return makeCase(name, [{ shape, values }], x => operation(x!, [0], keep), {
        attributes: [{ axes: [0], keep }],
      })
    })

t.test('extremes over the rows of matrices that are compared block by block', async t => {
  const family = [
    tall('max', (x, axes, keep) => tf.max(x, axes, keep)),
    tall('min', (x, axes, keep) => tf.min(x, axes, keep)),
  ]
  await agreeOn(t, family, { runs: 10, seed: 27 })
})

/** The reference differentiates a product over one axis only, and counts it from the front. */
const oneAxis = shapes(1, 4).chain(shape =>
  fc.record({
    shape: fc.constant(shape),
    axis: fc.nat(shape.length - 1),
    keep: fc.boolean(),
    seed: seeds,
  }),
)

const along = (
  name: string,
  operation: (x: Tensor, axis: number, keep: boolean) => Tensor,
  gradient = true,
): fc.Arbitrary<Case> =>
  oneAxis.map(({ shape, axis, keep, seed }) =>
    makeCase(
      name,
      [{ shape, values: distinct(sizeOf(shape), seed) }],
      x => operation(x!, axis, keep),
      { gradient, attributes: [{ axis, keep }] },
    ),
  )

const lastAxis = (name: string, operation: (x: Tensor) => Tensor): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(1, 4), seeds)
    .map(([shape, seed]) => makeCase(name, [float(shape, seed)], x => operation(x!)))

type Running = (x: Tensor, axis: number, exclusive: boolean, reverse: boolean) => Tensor

/** The reference differentiates running sums rightly along the last axis only, products nowhere. */
const running = (name: string, operation: Running): fc.Arbitrary<Case>[] =>
  [0, 1, 2, 3].map(bits => {
    const [exclusive, reverse] = [(bits & 1) === 1, (bits & 2) === 2]
    return along(
      `${name}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
      (x, axis) => operation(x, axis, exclusive, reverse),
      false,
    )
  })

const runningSum = lastAxis('cumsum, last axis', x => tf.cumsum(x, x.rank - 1, true, true))

t.test('along one axis', async t => {
  const family = [
    along('prod', (x, axis, keep) => tf.prod(x, axis, keep)),
    along('norm', (x, axis, keep) => tf.norm(x, 'euclidean', axis, keep)),
    ...running('cumsum', tf.cumsum),
    ...running('cumprod', tf.cumprod),
    runningSum,
    along('argMax', (x, axis) => tf.argMax(x, axis), false),
    along('argMin', (x, axis) => tf.argMin(x, axis), false),
    lastAxis('softmax', x => tf.softmax(x)),
    lastAxis('logSoftmax', x => tf.logSoftmax(x)),
    lastAxis('unitRows', unitRows),
    lastAxis('l2Normalize by hand', x =>
      tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-6))),
    ),
  ]
  await agreeOn(t, family, { runs: 12, seed: 22 })
})

const matrixLogSumExp = (axis: 0 | 1): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(2, 2, 6), seeds)
    .map(([shape, seed]) =>
      makeCase(`own logSumExp, axis ${axis}`, [float(shape, seed, { low: -80, high: 80 })], x =>
        logSumExp(x!, axis),
      ),
    )

const truth = (name: string, operation: Reduction): fc.Arbitrary<Case> =>
  shapeAndAxes.map(({ shape, axes, keep, seed }) =>
    makeCase(
      name,
      [int(shape, seed, { low: 0, high: 1 })],
      x => operation(tf.cast(x!, 'bool'), axes, keep),
      { gradient: false, attributes: [{ axes, keep }] },
    ),
  )

const whole = (name: string, operation: Reduction): fc.Arbitrary<Case> =>
  shapeAndAxes.map(({ shape, axes, keep, seed }) =>
    makeCase(name, [int(shape, seed, { low: -4, high: 4 })], x => operation(x!, axes, keep), {
      gradient: false,
      attributes: [{ axes, keep }],
    }),
  )

t.test('truth and whole numbers', async t => {
  const family = [
    matrixLogSumExp(0),
    matrixLogSumExp(1),
    truth('all', (x, axes, keep) => tf.all(x, axes, keep)),
    truth('any', (x, axes, keep) => tf.any(x, axes, keep)),
    truth('how many', (x, axes, keep) => tf.sum(x, axes, keep)),
    whole('sum', (x, axes, keep) => tf.sum(x, axes, keep)),
    whole('mean', (x, axes, keep) => tf.mean(x, axes, keep)),
    whole('prod', (x, axes, keep) => tf.prod(x, axes, keep)),
    whole('max', (x, axes, keep) => tf.max(x, axes, keep)),
    whole('min', (x, axes, keep) => tf.min(x, axes, keep)),
    whole('cumsum', x => tf.cumsum(tf.reshape(x, [-1]))),
    whole('argMax among equals', x => tf.argMax(tf.reshape(x, [-1]))),
    whole('argMin among equals', x => tf.argMin(tf.reshape(x, [-1]))),
  ]
  await agreeOn(t, family, { runs: 15, seed: 23 })
})

t.test('softmax and logSumExp of what would overflow', async t => {
  const shape = [3, 4]
  const values = Float32Array.from([100, 99, 0, -100, -1e9, -1e9, -1e9, -1e9, -1e9, 3, 2, 1])
  const on = (name: string, compute: (x: Tensor) => Tensor): Case =>
    makeCase(name, [{ shape, values }], x => compute(x!))
  t.same(
    await differences([
      on('softmax', x => tf.softmax(x)),
      on('logSoftmax', x => tf.logSoftmax(x)),
      on('logSumExp', x => tf.logSumExp(x, 1)),
      on('own, rows', x => logSumExp(x, 1)),
      on('own, columns', x => logSumExp(x, 0)),
    ]),
    [],
  )
})
