import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { IntegerProduct, ProductSize } from '../types.js'
import { Graph } from './graph.js'
import { encodeModel } from './model.js'

/** Sums of more products of two bytes can pass what int32 holds. */
const MOST_DIM = 65_536

/**
 * What stands for 0 in codes without a sign, and how far they may be from it: eight bits, or seven.
 * Processors without an instruction for four products at once (VNNI) add two of them in int16, which
 * holds those of seven bits by eight and cuts off those of eight by eight.
 */
const CODES = [
  { zero: 128, most: 127 },
  { zero: 64, most: 63 },
]

/** The widest codes that onnxruntime multiplies exactly on this processor. */
export const openIntegerProduct = async (
  size: ProductSize,
  threads: number,
): Promise<IntegerProduct | undefined> => {
  if (size.dim > MOST_DIM) return undefined
  for (const codes of CODES) {
    const product = await open(size, codes, threads)
    if (await isExact(product, size)) return product
    product.dispose()
  }
  return undefined
}

const open = async (
  { rows, columns, dim }: ProductSize,
  { zero, most }: (typeof CODES)[number],
  threads: number,
): Promise<IntegerProduct> => {
  const session = await InferenceSession.create(modelOf({ rows, columns, dim }, zero), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  })
  let disposed = false
  return {
    zero,
    most,
    async run(left, right, scales, into) {
      await session.run(
        {
          left: new Tensor('uint8', left, [rows, dim]),
          right: new Tensor('int8', right, [dim, columns]),
          scales: new Tensor('float32', scales, [columns]),
        },
        { products: new Tensor('float32', into, [rows, columns]) },
      )
    },
    dispose() {
      if (disposed) return
      disposed = true
      void session.release()
    },
  }
}

const modelOf = ({ rows, columns, dim }: ProductSize, zero: number): Uint8Array => {
  const graph = new Graph()
  const left = graph.input('left', [rows, dim], 'uint8')
  const right = graph.input('right', [dim, columns], 'int8')
  const scales = graph.input('scales', [columns], 'float32')
  const products = graph.emit(
    'MatMulIntegerToFloat',
    [left, right, graph.scalar(1, 'float32'), scales, graph.scalar(zero, 'uint8')],
    [rows, columns],
    'float32',
    {},
    'com.microsoft',
  )
  graph.output('products', products)
  graph.finish()
  return encodeModel(graph, 'pcm')
}

/** Whether the largest sums, of either sign, come out right: nothing is cut off on the way. */
export const isExact = async (product: IntegerProduct, { rows, columns, dim }: ProductSize) => {
  const { zero, most } = product
  const left = new Uint8Array(rows * dim).fill(zero + most)
  const right = new Int8Array(dim * columns).map((_, i) => (i % columns < columns / 2 ? 127 : -127))
  const products = new Float32Array(rows * columns)
  await product.run(left, right, new Float32Array(columns).fill(1), products)
  const largest = Math.fround(most * 127 * dim)
  return products.every((sum, i) => sum === (i % columns < columns / 2 ? largest : -largest))
}
