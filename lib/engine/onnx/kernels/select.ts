import { type Graph, sizeOf, type Value } from '../graph.js'
import { equal, mul, where } from './elementwise.js'
import { axesOf, cast, type Kernel, type Kernels, reshape } from './kernel.js'
import { concat, slice, transpose } from './shape.js'

/** Gather along one axis; with batch dimensions, of which the axis must be the next. */
const gather: Kernel = (g, { x, indices }, { axis, batchDims }) => {
  const [at] = axesOf(axis ?? 0, x!.shape.length) as [number]
  const batch: number = batchDims ?? 0
  const shape = [
    ...x!.shape.slice(0, at),
    ...indices!.shape.slice(batch),
    ...x!.shape.slice(at + 1),
  ]
  if (batch === 0)
    return g.emit('Gather', [x!, cast(g, indices!, 'int32')], shape, x!.type, { axis: at })
  if (at !== batch)
    throw new Error(`gather with batchDims ${batch} is traced along axis ${batch} only, not ${at}`)
  const columns = reshape(g, cast(g, indices!, 'int64'), [...indices!.shape, 1])
  return g.emit('GatherND', [x!, columns], shape, x!.type, { batch_dims: batch })
}

const gatherNd: Kernel = (g, { params, indices }) => {
  const depth = indices!.shape.at(-1)!
  const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)]
  return g.emit('GatherND', [params!, cast(g, indices!, 'int64')], shape, params!.type)
}

function scatter(g: Graph, onto: Value, indices: Value, updates: Value, add: boolean): Value {
  const attributes = add ? { reduction: 'add' } : undefined
  const inputs = [onto, cast(g, indices, 'int64'), updates]
  return g.emit('ScatterND', inputs, onto.shape, onto.type, attributes)
}

/** Sums the rows of x that share a segment. */
const unsortedSegmentSum: Kernel = (g, { x, segmentIds }, { numSegments }) => {
  const ids = segmentIds!
  const rest = x!.shape.slice(ids.shape.length)
  const onto = g.uniform(0, [numSegments, ...rest], x!.type)
  return scatter(g, onto, reshape(g, ids, [...ids.shape, 1]), x!, true)
}

/** By comparison with a range, so that an index out of range is a row of offValue. */
const oneHot: Kernel = (g, { indices }, { depth, onValue, offValue, dtype }) => {
  const codes = g.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  )
  const column = reshape(g, cast(g, indices!, 'int32'), [...indices!.shape, 1])
  const hit = equal(g, column, codes)
  if ((onValue ?? 1) === 1 && (offValue ?? 0) === 0) return cast(g, hit, dtype ?? 'int32')
  const type = dtype ?? 'int32'
  return where(g, hit, g.scalar(onValue, type), g.scalar(offValue, type))
}

/** Largest first; among equals the lower index, as TensorFlow.js has it. */
const topK: Kernel = (g, { x }, { k, sorted }) => {
  const shape = [...x!.shape.slice(0, -1), k]
  const outputs = [
    { shape, type: x!.type },
    { shape, type: 'int64' as const },
  ]
  const attributes = { axis: x!.shape.length - 1, largest: 1, sorted: Number(sorted ?? true) }
  const [values, indices] = g.emitAll('TopK', [x!, g.ints([k])], outputs, attributes)
  return [values!, cast(g, indices!, 'int32')]
}

const cumsum: Kernel = (g, { x }, { axis, exclusive, reverse }) => {
  const [at] = axesOf(axis, x!.shape.length) as [number]
  const along = g.scalar(at, 'int32')
  return g.emit('CumSum', [x!, along], x!.shape, x!.type, {
    exclusive: Number(Boolean(exclusive)),
    reverse: Number(Boolean(reverse)),
  })
}

/**
 * ONNX has no running product: log2(n) rounds, each multiplying by what stands 1, 2, 4, ... places
 * before (Hillis and Steele).
 */
const cumprod: Kernel = (g, { x }, { axis, exclusive, reverse }) => {
  const rank = x!.shape.length
  const [at] = axesOf(axis, rank) as [number]
  const n = x!.shape[at]!
  const shifted = (value: Value, by: number): Value => {
    if (by >= n) return g.uniform(1, value.shape, value.type)
    const begin = value.shape.map((_, i) => (i === at && reverse ? by : 0))
    const end = value.shape.map((size, i) => (i === at && !reverse ? size - by : size))
    const shape = value.shape.map((size, i) => (i === at ? size - by : size))
    const steps = value.shape.map(() => 1)
    const kept = slice(g, value, begin, end, steps, shape)
    const ones = g.uniform(
      1,
      value.shape.map((size, i) => (i === at ? by : size)),
      value.type,
    )
    return concat(g, reverse ? [kept, ones] : [ones, kept], at)
  }
  let product = x!
  for (let by = 1; by < n; by *= 2) product = mul(g, product, shifted(product, by))
  return exclusive ? shifted(product, 1) : product
}

/** The main diagonal matrix of a vector. */
const diag: Kernel = (g, { x }) => {
  const n = sizeOf(x!.shape)
  const rows = g.constant(
    Int32Array.from({ length: n }, (_, i) => i),
    [n, 1],
    'int32',
  )
  const on = equal(g, rows, transpose(g, rows, [1, 0]))
  const matrix = where(g, on, reshape(g, x!, [1, n]), g.scalar(0, x!.type))
  return reshape(g, matrix, [...x!.shape, ...x!.shape])
}

export const selection: Kernels = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: (g, { indices, updates }, { shape }) =>
    scatter(g, g.uniform(0, shape, updates!.type), indices!, updates!, true),
  TensorScatterUpdate: (g, { tensor, indices, updates }) =>
    scatter(g, tensor!, indices!, updates!, false),
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
  TopK: topK,
  Cumsum: cumsum,
  Cumprod: cumprod,
  Diag: diag,
}
