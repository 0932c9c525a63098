import { type Graph, type Value } from '../graph.js'
import { axesOf, cast, type Kernel, type Kernels, reshape, uniformOf } from './kernel.js'

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

const extremum =
  (op: string): Kernel =>
  (g, { x }, { reductionIndices, axis, keepDims }) =>
    reduce(g, op, x!, axesOf(reductionIndices ?? axis, x!.shape.length), Boolean(keepDims))

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
  Prod: extremum('ReduceProd'),
  Max: extremum('ReduceMax'),
  Min: extremum('ReduceMin'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Softmax: softmax,
}
