import { Tensor } from 'onnxruntime-node'
import type { Product, ProductSize } from '../types.js'
import { Graph } from './graph.js'
import { openSession, type SessionOptions } from './session.js'

/** A product of two matrices, written straight as a graph. */
export const openProduct = async (
  { rows, columns, dim }: ProductSize,
  options: SessionOptions,
): Promise<Product> => {
  const session = await openSession(graphOf({ rows, columns, dim }), options)
  let disposed = false
  return {
    async run(left, right, into) {
      await session.run(
        {
          left: new Tensor('float32', left, [rows, dim]),
          right: new Tensor('float32', right, [columns, dim]),
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

const graphOf = ({ rows, columns, dim }: ProductSize): Graph => {
  const graph = new Graph()
  const left = graph.input('left', [rows, dim], 'float32')
  const right = graph.input('right', [columns, dim], 'float32')
  const products = graph.emit('Gemm', [left, right], [rows, columns], 'float32', {
    transA: 0,
    transB: 1,
  })
  graph.output('products', products)
  graph.finish()
  return graph
}
