import { type Graph, type Value } from '../graph.js'
import { axesOf, cast, type Kernel, type Kernels, reshape, uniformOf } from './kernel.js'
import { split } from './shape.js'

function reduced(shape: readonly number[], axes: number[], keep: boolean): number[] {
  return keep
    ? shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : shape.filter((_, i) => !axes.includes(i))
}

function reduce(g: Graph, op: string, x: Value, axes: number[], keep: boolean): Value {
  const shape = reduced(x.shape, axes, keep)
  if (axes.every(axis => x.shape[axis] === 1) && op !== 'ArgMax') return reshape(g, x, shape)
  return g.emit(op, [x, g.ints(axes)], shape, x.type, { keepdims: Number(keep) })
}

/**
 * A sum over the rows of a matrix is a product with a row of ones: onnxruntime does that on all
 * cores, its ReduceSum over the first axis does not.
 */
function sumOf(g: Graph, x: Value, axes: number[], keep: boolean): Value {
  const shape = reduced(x.shape, axes, keep)
  const uniform = uniformOf(x)
  if (uniform !== undefined)
    return g.uniform(uniform * axes.reduce((n, axis) => n * x.shape[axis]!, 1), shape, x.type)
  const rows = x.shape[0] ?? 1
  const overRows = x.shape.length === 2 && axes.length === 1 && axes[0] === 0
  if (overRows && x.type === 'float32' && rows > 1) {
    const ones = g.uniform(1, [1, rows], 'float32')
    return reshape(g, g.emit('Gemm', [ones, x], [1, x.shape[1]!], x.type), shape)
  }
  return reduce(g, 'ReduceSum', x, axes, keep)
}

const sum: Kernel = (g, { x }, { axis, keepDims }) => {
  const whole = x!.type === 'bool' ? cast(g, x!, 'int32') : x!
  return sumOf(g, whole, axesOf(axis, whole.shape.length), Boolean(keepDims))
}

const mean: Kernel = (g, { x }, { axis, keepDims }) => {
  const axes = axesOf(axis, x!.shape.length)
  const uniform = uniformOf(x!)
  if (uniform !== undefined) return g.uniform(uniform, reduced(x!.shape, axes, keepDims), x!.type)
  return reduce(g, 'ReduceMean', cast(g, x!, 'float32'), axes, Boolean(keepDims))
}

/** Blocks of rows into which an extremum over the rows of a matrix is cut. */
const BLOCKS = 16

/**
 * onnxruntime goes down each column by itself, from one cache line to a distant one. Blocks of rows
 * are compared as wholes first, so that a sixteenth is left for that: two to three times faster.
 */
const extremum =
  (op: 'Max' | 'Min'): Kernel =>
  (g, { x }, { reductionIndices, axis, keepDims }) => {
    const axes = axesOf(reductionIndices ?? axis, x!.shape.length)
    const keep = Boolean(keepDims)
    const rows = x!.shape[0] ?? 1
    const overRows = x!.shape.length === 2 && axes.length === 1 && axes[0] === 0
    if (!overRows || x!.type !== 'float32' || rows === 0 || rows % BLOCKS > 0)
      return reduce(g, `Reduce${op}`, x!, axes, keep)
    const blocks = split(g, x!, Array<number>(BLOCKS).fill(rows / BLOCKS), 0)
    const block = g.emit(op, blocks, blocks[0]!.shape, x!.type)
    return reduce(g, `Reduce${op}`, block, axes, keep)
  }

const product: Kernel = (g, { x }, { axis, keepDims }) =>
  reduce(g, 'ReduceProd', x!, axesOf(axis, x!.shape.length), Boolean(keepDims))

/** All and any, on booleans, by way of int32: onnxruntime reduces no booleans. */
const logical =
  (op: string): Kernel =>
  (g, { x }, { axis, keepDims }) => {
    const numbers = cast(g, x!, 'int32')
    return cast(g, reduce(g, op, numbers, axesOf(axis, x!.shape.length), Boolean(keepDims)), 'bool')
  }

const arg =
  (op: string): Kernel =>
  (g, { x }, { axis }) => {
    const [at] = axesOf(axis, x!.shape.length)
    const shape = reduced(x!.shape, [at!], false)
    return cast(g, g.emit(op, [x!], shape, 'int64', { axis: at!, keepdims: 0 }), 'int32')
  }

const softmax: Kernel = (g, { logits }, { dim }) =>
  g.emit('Softmax', [logits!], logits!.shape, logits!.type, {
    axis: axesOf(dim, logits!.shape.length)[0]!,
  })

export const reduction: Kernels = {
  Sum: sum,
  Mean: mean,
  Prod: product,
  Max: extremum('Max'),
  Min: extremum('Min'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Softmax: softmax,
}
