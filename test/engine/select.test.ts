import fc from 'fast-check'
import t from 'tap'
import { sortDescending } from '../../lib/engine/ops/sort.js'
import { type Tensor, type Tensor1D, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case, differences } from './agree.js'
import { both } from './compute.js'
import { float, int, makeCase, seeds, shapes } from './arbitraries.js'
import { distinct, integers, sizeOf } from './numbers.js'

t.teardown(async () => await both().onnx.dispose())

/** Rows picked along an axis, some more than once, some never: the gradient must add up. */
const gather: fc.Arbitrary<Case> = shapes(1, 4)
  .chain(shape => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1), shapes(0, 2), seeds))
  .map(([shape, axis, picked, seed]) =>
    makeCase(
      'gather',
      [float(shape, seed), int(picked, seed + 1, { low: 0, high: shape[axis]! - 1 })],
      (x, indices) => tf.gather(x!, indices as Tensor1D, axis),
      { attributes: [{ axis }] },
    ),
  )

const gatherInBatch: fc.Arbitrary<Case> = fc
  .tuple(shapes(1, 2, 3), shapes(1, 3, 4), fc.integer({ min: 1, max: 4 }), seeds)
  .map(([batch, rest, count, seed]) =>
    makeCase(
      'gather within a batch',
      [
        float([...batch, ...rest], seed),
        int([...batch, count], seed + 1, { low: 0, high: rest[0]! - 1 }),
      ],
      (x, indices) => tf.gather(x!, indices as Tensor1D, batch.length, batch.length),
      // The reference differentiates rightly where one axis is the batch.
      { gradient: batch.length === 1, attributes: [{ batchDims: batch.length }] },
    ),
  )

const gatherNd: fc.Arbitrary<Case> = shapes(1, 3)
  .chain(shape =>
    fc.tuple(fc.constant(shape), fc.integer({ min: 1, max: shape.length }), shapes(0, 2), seeds),
  )
  .map(([shape, depth, lead, seed]) => {
    const indices = Array.from({ length: sizeOf(lead) }, (_, i) =>
      shape.slice(0, depth).flatMap((n, j) => [...integers(1, seed + 7 * i + j, 0, n - 1)]),
    )
    const given = { shape: [...lead, depth], values: Int32Array.from(indices.flat()) }
    return makeCase('gatherND', [float(shape, seed), given], (x, at) => tf.gatherND(x!, at!), {
      gradient: false,
    })
  })

const scatter = (
  name: string,
  compute: (indices: Tensor, updates: Tensor, shape: number[]) => Tensor,
) =>
  shapes(1, 3)
    .chain(shape => fc.tuple(fc.constant(shape), fc.integer({ min: 1, max: 5 }), seeds))
    .map(([shape, count, seed]) =>
      makeCase(
        name,
        [
          int([count, 1], seed, { low: 0, high: shape[0]! - 1 }),
          float([count, ...shape.slice(1)], seed + 1),
        ],
        (indices, updates) => compute(indices!, updates!, shape),
        { gradient: false, attributes: [shape] },
      ),
    )

/** Each index once: what is written last among equal indices is nobody's promise. */
const scatterUpdate: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), shapes(0, 2), seeds)
  .chain(([rows, rest, seed]) =>
    fc
      .shuffledSubarray([...Array(rows).keys()], { minLength: 1 })
      .map(at =>
        makeCase(
          'tensorScatterUpdate',
          [
            float([rows, ...rest], seed),
            { shape: [at.length, 1], values: Int32Array.from(at) },
            float([at.length, ...rest], seed + 1),
          ],
          (x, indices, updates) => tf.tensorScatterUpdate(x!, indices!, updates!),
          { gradient: false },
        ),
      ),
  )

const segments: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), shapes(0, 2), fc.integer({ min: 1, max: 4 }), seeds)
  .map(([rows, rest, count, seed]) =>
    makeCase(
      'unsortedSegmentSum',
      [float([rows, ...rest], seed), int([rows], seed + 1, { low: 0, high: count - 1 })],
      (x, ids) => tf.unsortedSegmentSum(x!, ids as Tensor1D, count),
      { attributes: [{ count }] },
    ),
  )

const oneHot: fc.Arbitrary<Case> = fc
  .tuple(shapes(1, 2), fc.integer({ min: 2, max: 5 }), seeds, fc.boolean())
  .map(([shape, depth, seed, own]) =>
    makeCase(
      'oneHot',
      [int(shape, seed, { low: -1, high: depth })],
      codes =>
        own
          ? tf.oneHot(codes!, depth, 2.5, -0.5, 'float32')
          : tf.oneHot(codes!, depth, undefined, undefined, 'float32'),
      { gradient: false, attributes: [{ depth, own }] },
    ),
  )

t.test('picked and put back', async t => {
  const family = [
    gather,
    gather,
    gatherInBatch,
    gatherNd,
    scatter('scatterND', (indices, updates, shape) => tf.scatterND(indices, updates, shape)),
    scatterUpdate,
    segments,
    oneHot,
  ]
  await agreeOn(t, family, { runs: 20, seed: 51 })
})

const topK = (name: string, values: (size: number, seed: number) => Float32Array | Int32Array) =>
  shapes(1, 3, 6)
    .chain(shape => fc.tuple(fc.constant(shape), fc.integer({ min: 1, max: shape.at(-1)! }), seeds))
    .map(([shape, k, seed]) =>
      makeCase(
        name,
        [{ shape, values: values(sizeOf(shape), seed) }],
        x => {
          const { values, indices } = tf.topk(x!, k)
          return [values, indices]
        },
        { gradient: false, attributes: [{ k }] },
      ),
    )

const sorted = (name: string, compute: (x: Tensor) => Tensor): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(1, 4, 5), seeds)
    .map(([shape, seed]) =>
      makeCase(name, [{ shape, values: distinct(sizeOf(shape), seed) }], x => compute(x!)),
    )

/** Sorting along the tokens of (B, L, D), every feature by itself, as generalised pooling does. */
const alongTokens = (x: Tensor): Tensor => {
  const turned = [...Array(x.rank).keys()].toReversed()
  return tf.transpose(sortDescending(tf.transpose(x, turned)), turned)
}

t.test('ordered', async t => {
  const family = [
    topK('topk', distinct),
    topK('topk among equals', (n, seed) => Float32Array.from(integers(n, seed, 0, 2))),
    topK('topk of whole numbers', (n, seed) => integers(n, seed, -3, 3)),
    sorted('sort', sortDescending),
    sorted('sort twice', x => sortDescending(tf.square(sortDescending(x)))),
    sorted('sort, first axis', alongTokens),
  ]
  await agreeOn(t, family, { runs: 15, seed: 52 })
})

t.test('sort is a permutation whose gradient is the way back, ties included', async t => {
  const shape = [2, 5]
  const values = Float32Array.from([3, 1, 3, 2, 3, 0, 0, 0, 0, 0])
  const tied = makeCase('sort among equals', [{ shape, values }], x => sortDescending(x!))
  t.same(await differences([tied]), [])
  await tf.setBackend('cpu')
  const x = tf.tensor(values, shape)
  const weights = tf.tensor([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ])
  t.same(sortDescending(x).arraySync(), [
    [3, 3, 3, 2, 1],
    [0, 0, 0, 0, 0],
  ])
  t.same(
    tf
      .grad(y => tf.sum(tf.mul(sortDescending(y), weights)))(x)
      .arraySync(),
    [
      [1, 5, 2, 4, 3],
      [1, 2, 3, 4, 5],
    ],
    'among equals the lower index comes first',
  )
})
