import { tf } from '../../tf.js'
import { type Graph, sameShape, type Value } from '../graph.js'
import { axesOf, type Kernel, type Kernels, reshape, uniformOf } from './kernel.js'

/** A uniform constant keeps its one number whatever is done to its shape. */
const uniformly =
  (kernel: (g: Graph, x: Value, shape: number[]) => Value) =>
  (g: Graph, x: Value, shape: number[]): Value => {
    const uniform = uniformOf(x)
    return uniform === undefined ? kernel(g, x, shape) : g.uniform(uniform, shape, x.type)
  }

export function transpose(g: Graph, x: Value, perm: number[]): Value {
  const shape = perm.map(axis => x.shape[axis]!)
  if (perm.every((axis, i) => axis === i)) return x
  const moved = perm.filter(axis => x.shape[axis] !== 1)
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return reshape(g, x, shape)
  return uniformly((g, x) => g.emit('Transpose', [x], shape, x.type, { perm }))(g, x, shape)
}

/** Slices with begin, end and step per axis (ONNX Slice; ends past the edge are clamped). */
export function slice(
  g: Graph,
  x: Value,
  begin: number[],
  end: number[],
  steps: number[],
  shape: number[],
): Value {
  if (sameShape(x.shape, shape) && steps.every(step => step === 1)) return x
  const axes = x.shape.map((_, i) => i)
  return uniformly((g, x) =>
    g.emit('Slice', [x, g.ints(begin), g.ints(end), g.ints(axes), g.ints(steps)], shape, x.type),
  )(g, x, shape)
}

export function concat(g: Graph, parts: Value[], axis: number): Value {
  const filled = parts.filter(part => part.shape[axis] !== 0)
  const [first] = filled.length > 0 ? filled : parts
  if (filled.length <= 1) return first!
  const total = filled.reduce((n, part) => n + part.shape[axis]!, 0)
  const shape = first!.shape.map((n, i) => (i === axis ? total : n))
  return g.emit('Concat', filled, shape, first!.type, { axis })
}

export function split(g: Graph, x: Value, sizes: number[], axis: number): Value[] {
  if (sizes.length === 1) return [x]
  const outputs = sizes.map(size => ({
    shape: x.shape.map((n, i) => (i === axis ? size : n)),
    type: x.type,
  }))
  return g.emitAll('Split', [x, g.ints(sizes)], outputs, { axis })
}

const sliceKernel: Kernel = (g, { x }, { begin, size }) => {
  const parsed = tf.slice_util.parseSliceParams({ shape: x!.shape } as never, begin, size)
  const [from, extent] = parsed as [number[], number[]]
  const end = from.map((b, i) => b + extent[i]!)
  return slice(
    g,
    x!,
    from,
    end,
    from.map(() => 1),
    extent,
  )
}

/** A backward slice that ends before the first element ends at "minus infinity" in ONNX. */
const BEFORE_FIRST = -(2 ** 31)

const stridedSlice: Kernel = (g, { x }, attributes) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } =
    attributes
  const info = tf.slice_util.sliceInfo(
    [...x!.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  )
  const ends = info.end.map((e, i) => (info.strides[i]! < 0 && e < 0 ? BEFORE_FIRST : e))
  const shape = info.begin.map((b, i) =>
    Math.max(0, Math.ceil((info.end[i]! - b) / info.strides[i]!)),
  )
  return reshape(g, slice(g, x!, info.begin, ends, info.strides, shape), info.finalShape)
}

const reverse: Kernel = (g, { x }, { dims }) => {
  const turned = axesOf(dims, x!.shape.length)
  const at = <T>(yes: (n: number) => T, no: (n: number) => T): T[] =>
    x!.shape.map((n, i) => (turned.includes(i) ? yes(n) : no(n)))
  return slice(
    g,
    x!,
    at(
      n => n - 1,
      () => 0,
    ),
    at(
      () => BEFORE_FIRST,
      n => n,
    ),
    at(
      () => -1,
      () => 1,
    ),
    [...x!.shape],
  )
}

const pad =
  (mode: 'constant' | 'reflect'): Kernel =>
  (g, { x }, { paddings, constantValue }) => {
    const pairs = paddings as [number, number][]
    const shape = x!.shape.map((n, i) => n + pairs[i]![0] + pairs[i]![1])
    if (sameShape(shape, x!.shape)) return x!
    const pads = g.ints([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)])
    const fill = mode === 'constant' ? [g.scalar(constantValue ?? 0, x!.type)] : []
    return g.emit('Pad', [x!, pads, ...fill], shape, x!.type, { mode })
  }

const tile: Kernel = (g, { x }, { reps }) => {
  const counts = reps as number[]
  const shape = x!.shape.map((n, i) => n * counts[i]!)
  return uniformly((g, x) => g.emit('Tile', [x, g.ints(counts)], shape, x.type))(g, x!, shape)
}

const pack: Kernel = (g, inputs, { axis }) => {
  const parts = Object.values(inputs)
  const at = axis < 0 ? axis + parts[0]!.shape.length + 1 : axis
  const shape = [...parts[0]!.shape.slice(0, at), 1, ...parts[0]!.shape.slice(at)]
  return concat(
    g,
    parts.map(part => reshape(g, part, shape)),
    at,
  )
}

const unpack: Kernel = (g, { value }, { axis }) => {
  const [at] = axesOf(axis, value!.shape.length) as [number]
  const shape = value!.shape.filter((_, i) => i !== at)
  const ones = Array<number>(value!.shape[at]!).fill(1)
  return split(g, value!, ones, at).map(part => reshape(g, part, shape))
}

const splitV: Kernel = (g, { x }, { numOrSizeSplits, axis }) => {
  const [at] = axesOf(axis, x!.shape.length) as [number]
  const sizes = tf.backend_util.prepareSplitSize({ shape: x!.shape } as never, numOrSizeSplits, at)
  return split(g, x!, sizes, at)
}

const range: Kernel = (g, _, { start, stop, step, dtype }) => {
  const count = Math.max(0, Math.ceil((stop - start) / step))
  const values = Array.from({ length: count }, (_, i) => start + i * step)
  return g.constant(
    dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values),
    [count],
    dtype,
  )
}

const linSpace: Kernel = (g, _, { start, stop, num }) => {
  const step = (stop - start) / Math.max(1, num - 1)
  return g.constant(
    Float32Array.from({ length: num }, (_, i) => start + i * step),
    [num],
    'float32',
  )
}

export const shaping: Kernels = {
  Reshape: (g, { x }, { shape }) =>
    reshape(g, x!, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape([...x!.shape]))),
  ExpandDims: (g, { input }, { dim }) => {
    const at = dim < 0 ? dim + input!.shape.length + 1 : dim
    return reshape(g, input!, [...input!.shape.slice(0, at), 1, ...input!.shape.slice(at)])
  },
  Transpose: (g, { x }, { perm }) => transpose(g, x!, perm),
  Tile: tile,
  Concat: (g, inputs, { axis }) => {
    const parts = Object.values(inputs)
    return concat(g, parts, axesOf(axis, parts[0]!.shape.length)[0]!)
  },
  Pack: pack,
  Unpack: unpack,
  SplitV: splitV,
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
  Reverse: reverse,
  PadV2: pad('constant'),
  MirrorPad: (g, inputs, attributes) => {
    if (attributes.mode !== 'reflect') throw new Error('only reflecting mirror padding is traced')
    return pad('reflect')(g, inputs, attributes)
  },
  Fill: (g, _, { shape, value, dtype }) => g.uniform(value, shape, dtype ?? 'float32'),
  ZerosLike: (g, { x }) => g.uniform(0, x!.shape, x!.type),
  OnesLike: (g, { x }) => g.uniform(1, x!.shape, x!.type),
  Range: range,
  LinSpace: linSpace,
}
