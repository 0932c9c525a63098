import type { Graph, Value } from '../graph.js'
import { ELEMENT, sameShape, sizeOf } from '../graph.js'

/** TensorFlow.js attributes are untyped by nature: each kernel knows its own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Attributes = Record<string, any>
export type Named = Record<string, Value>

/** Writes the ONNX nodes of one TensorFlow.js kernel; computes nothing. */
export type Kernel = (g: Graph, inputs: Named, attributes: Attributes) => Value | Value[]
export type Kernels = Record<string, Kernel>

/** The number a constant repeats, if it is such a constant. */
export const uniformOf = (value: Value): number | undefined =>
  value.constant && 'uniform' in value.constant ? value.constant.uniform : undefined

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1
    const y = b[b.length - rank + i] ?? 1
    if (x !== y && x !== 1 && y !== 1) throw new Error(`cannot broadcast [${a}] with [${b}]`)
    return x === 1 ? y : x
  })
}

/** A uniform constant may enter as a scalar when another operand already has the whole shape. */
export function asOperand(
  g: Graph,
  value: Value,
  shape: readonly number[],
  others: Value[],
): Value {
  const uniform = uniformOf(value)
  return uniform !== undefined && others.some(other => sameShape(other.shape, shape))
    ? g.scalar(uniform, value.type)
    : value
}

/** Axes as sorted non-negative numbers; undefined means all. */
export function axesOf(axis: number | number[] | undefined | null, rank: number): number[] {
  const list = axis === undefined || axis === null ? [...Array(rank).keys()] : [axis].flat()
  return list.map(a => (a < 0 ? a + rank : a)).sort((a, b) => a - b)
}

export function reshape(g: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  if (sizeOf(x.shape) !== sizeOf(shape))
    throw new Error(`cannot reshape [${x.shape}] to [${shape}]`)
  const uniform = uniformOf(x)
  if (uniform !== undefined) return g.uniform(uniform, shape, x.type)
  return g.emit('Reshape', [x, g.ints(shape)], shape, x.type)
}

export function cast(g: Graph, x: Value, type: Value['type']): Value {
  if (x.type === type) return x
  const uniform = uniformOf(x)
  if (uniform !== undefined) {
    const value =
      type === 'bool' ? Number(uniform !== 0) : type === 'float32' ? uniform : Math.trunc(uniform)
    return g.uniform(value, x.shape, type)
  }
  return g.emit('Cast', [x], x.shape, type, { to: ELEMENT[type] })
}
