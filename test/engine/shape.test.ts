import fc from 'fast-check'
import t from 'tap'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case, differences } from './agree.js'
import { both } from './compute.js'
import { float, int, makeCase, seeds, shapes } from './arbitraries.js'

t.teardown(async () => await both().onnx.dispose())

/** A case on one float tensor whose attributes depend on its shape. */
const shaped = <A>(
  name: string,
  ranks: [number, number],
  attributes: (shape: number[]) => fc.Arbitrary<A>,
  compute: (x: Tensor, attributes: A) => Tensor | Tensor[],
  gradient = true,
): fc.Arbitrary<Case> =>
  shapes(...ranks)
    .chain(shape => fc.tuple(fc.constant(shape), attributes(shape), seeds))
    .map(([shape, given, seed]) =>
      makeCase(name, [float(shape, seed)], x => compute(x!, given), {
        gradient,
        attributes: [given],
      }),
    )

const each = <T>(shape: number[], one: (n: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.tuple(...shape.map(one)) as fc.Arbitrary<T[]>

const axisOf = ({ length }: number[]): fc.Arbitrary<number> =>
  fc.integer({ min: -length, max: length - 1 })

const orderOf = ({ length }: number[]): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray([...Array(length).keys()], { minLength: length })

const rangeIn = (n: number): fc.Arbitrary<[number, number]> =>
  fc.nat(n - 1).chain(begin => fc.tuple(fc.constant(begin), fc.integer({ min: 1, max: n - begin })))

const nothing = fc.constant(undefined)

t.test('moved, cut, turned and repeated', async t => {
  const family = [
    shaped('transpose', [1, 4], orderOf, (x, perm) => tf.transpose(x, perm)),
    shaped(
      'reshape',
      [1, 4],
      () => nothing,
      x => tf.reshape(x, [-1]),
    ),
    shaped(
      'expandDims',
      [0, 3],
      s => fc.nat(s.length),
      (x, axis) => tf.expandDims(x, axis),
    ),
    shaped(
      'squeeze',
      [0, 4],
      () => nothing,
      x => tf.squeeze(x),
    ),
    shaped(
      'slice',
      [1, 4],
      shape => each(shape, rangeIn),
      (x, ranges) =>
        tf.slice(
          x,
          ranges.map(([begin]) => begin),
          ranges.map(([, size]) => size),
        ),
    ),
    shaped(
      'slice to the end',
      [1, 3],
      shape => each(shape, n => fc.nat(n - 1)),
      (x, begin) => tf.slice(x, begin),
    ),
    shaped('reverse', [1, 4], axisOf, (x, axis) => tf.reverse(x, axis)),
    shaped(
      'reverse all',
      [1, 3],
      () => nothing,
      x => tf.reverse(x),
    ),
    shaped(
      'tile',
      [1, 3],
      shape => each(shape, () => fc.integer({ min: 1, max: 3 })),
      (x, reps) => tf.tile(x, reps),
    ),
    shaped(
      'pad',
      [1, 4],
      shape => each(shape, () => fc.tuple(fc.nat(2), fc.nat(2))),
      (x, pads) => tf.pad(x, pads, -1.5),
    ),
    shaped(
      'mirrorPad, reflect',
      [1, 4],
      shape => each(shape, n => fc.tuple(fc.nat(n - 1), fc.nat(n - 1))),
      (x, pads) => tf.mirrorPad(x, pads, 'reflect'),
      false,
    ),
    shaped(
      'broadcastTo',
      [0, 2],
      () => shapes(1, 2),
      (x, lead) => tf.broadcastTo(x, [...lead, ...x.shape]),
    ),
    shaped('concat with itself', [1, 4], axisOf, (x, axis) => tf.concat([x, tf.mul(x, 2)], axis)),
    shaped(
      'stack',
      [0, 3],
      s => fc.nat(s.length),
      (x, axis) => tf.stack([x, tf.square(x)], axis),
    ),
    // The reference differentiates no list of one.
    shaped('unstack', [1, 4], axisOf, (x, axis) =>
      x.shape.at(axis) === 1 ? x : tf.unstack(x, axis),
    ),
    shaped(
      'split in sizes',
      [1, 4],
      shape => fc.nat(shape.length - 1),
      (x, axis) => {
        const n = x.shape[axis]!
        return n === 1 ? [x] : tf.split(x, [1, n - 1], axis)
      },
    ),
    shaped('split in one each', [1, 4], axisOf, (x, axis) =>
      x.shape.at(axis) === 1 ? x : tf.split(x, x.shape.at(axis)!, axis),
    ),
    shaped('gather one', [1, 4], axisOf, (x, axis) =>
      tf.gather(x, tf.scalar(0, 'int32'), axis < 0 ? axis + x.rank : axis),
    ),
  ]
  await agreeOn(t, family, { runs: 10, seed: 41 })
})

interface Strides {
  begin: number[]
  end: number[]
  strides: number[]
  beginMask: number
  endMask: number
  shrinkMask: number
}

const stridesOf = (shape: number[]): fc.Arbitrary<Strides> => {
  const mask = fc.nat(2 ** shape.length - 1)
  return fc.record({
    begin: each(shape, n => fc.integer({ min: -n - 1, max: n })),
    end: each(shape, n => fc.integer({ min: -n - 1, max: n + 1 })),
    strides: each(shape, () => fc.constantFrom(-3, -2, -1, 1, 2, 3)),
    beginMask: mask,
    endMask: mask,
    shrinkMask: fc.constant(0),
  })
}

/** Axes may be taken out, which the reference gets right with steps of one and ends in order. */
const shrinking = (shape: number[]): fc.Arbitrary<Strides> =>
  fc.tuple(each(shape, rangeIn), fc.nat(2 ** shape.length - 1)).map(([ranges, shrinkMask]) => ({
    begin: ranges.map(([begin]) => begin),
    end: ranges.map(([begin, size]) => begin + size),
    strides: shape.map(() => 1),
    beginMask: 0,
    endMask: 0,
    shrinkMask,
  }))

const stridedSlice = (x: Tensor, s: Strides): Tensor =>
  tf.stridedSlice(x, s.begin, s.end, s.strides, s.beginMask, s.endMask, 0, 0, s.shrinkMask)

t.test('strided slices, masks and steps back included', async t => {
  const family = [
    shaped('stridedSlice', [1, 3], stridesOf, stridedSlice, false),
    shaped('stridedSlice, masked', [2, 4], stridesOf, stridedSlice, false),
    shaped('stridedSlice, axes taken out', [1, 3], shrinking, stridedSlice, false),
  ]
  await agreeOn(t, family, { runs: 40, seed: 42 })
})

t.test('ellipsis and new axes', async t => {
  const x = float([3, 4, 5], 1)
  const cut = (name: string, compute: (x: Tensor) => Tensor): Case =>
    makeCase(name, [x], y => compute(y!), { gradient: false })
  t.same(
    await differences([
      cut('..., 1:4', x => tf.stridedSlice(x, [0, 1], [0, 4], [1, 1], 0, 0, 1)),
      cut('new axis, 1:3', x => tf.stridedSlice(x, [0, 1], [0, 3], [1, 1], 0, 0, 0, 1)),
    ]),
    [],
  )
})

t.test('whole numbers keep their type', async t => {
  const x = int([3, 4], 5, { low: -9, high: 9 })
  const on = (name: string, compute: (x: Tensor) => Tensor): Case =>
    makeCase(name, [x], y => compute(y!), { gradient: false })
  t.same(
    await differences([
      on('transpose', x => tf.transpose(x)),
      on('slice', x => tf.slice(x, [1, 0], [2, 3])),
      on('concat', x => tf.concat([x, x], 1)),
      on('tile', x => tf.tile(x, [2, 1])),
      on('pad', x =>
        tf.pad(
          x,
          [
            [1, 0],
            [0, 2],
          ],
          7,
        ),
      ),
      on('reverse', x => tf.reverse(x, 0)),
      on('stack', x => tf.stack([x, x])),
      on('gather', x => tf.gather(x, tf.tensor1d([2, 0], 'int32'))),
      on('where', x => tf.where(tf.greater(x, 0), x, tf.zerosLike(x))),
      on('fill', x => tf.add(tf.fill([3, 4], 3, 'int32'), x)),
      on('range', x => tf.add(tf.range(0, 4, 1, 'int32'), x)),
    ]),
    [],
  )
})

t.test('constants made on the way', async t => {
  const x = float([3, 3], 5)
  const on = (name: string, compute: (x: Tensor) => Tensor): Case =>
    makeCase(name, [x], y => compute(y!))
  t.same(
    await differences(
      [
        on('eye', x => tf.mul(tf.eye(3), x)),
        on('linspace', x => tf.add(tf.linspace(0, 1, 3), x)),
        on('range', x => tf.mul(tf.range(3, 0, -1), x)),
        on('ones and zeros', x => tf.add(tf.mul(tf.ones([3, 3]), x), tf.zeros([3]))),
        on('uneven', x => tf.sub(x, tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]))),
        on('diag', x => tf.matMul(tf.diag(tf.tensor1d([1, 2, 3])), x)),
        on('diag of a row', x => tf.mul(tf.diag(tf.squeeze(tf.slice(x, [0, 0], [1, 3]))), 2)),
        on('bandPart', x => tf.linalg.bandPart(x, 1, 0)),
      ].map((c, i) => (i < 6 ? c : { ...c, gradient: false })),
    ),
    [],
  )
})

t.test('tensors without numbers', async t => {
  const empty = { shape: [0, 3], values: new Float32Array(0) }
  const full = float([2, 3], 3)
  const on = (name: string, compute: (x: Tensor, y: Tensor) => Tensor): Case =>
    makeCase(name, [empty, full], (x, y) => compute(x!, y!), { gradient: false })
  t.same(
    await differences([
      on('add', x => tf.add(x, 1)),
      on('sum', x => tf.sum(x, 0)),
      on('sum of all', x => tf.sum(x)),
      on('concat', (x, y) => tf.concat([x, y], 0)),
      on('slice to nothing', (_, y) => tf.slice(y, [0, 0], [0, 3])),
      on('matMul', (x, y) => tf.matMul(x, y, false, true)),
      on('transpose', x => tf.transpose(x)),
      on('reshape', x => tf.reshape(x, [3, 0])),
      on('gather none', (_, y) => tf.gather(y, tf.tensor1d([], 'int32'))),
      on('pad', x =>
        tf.pad(x, [
          [1, 1],
          [0, 0],
        ]),
      ),
    ]),
    [],
  )
})
