import type { Tensor2D } from '../engine/tf.js'
import type { Engine, Product, ProductSize, Program } from '../engine/types.js'

/** A product of two matrices as a program, for engines that have none of their own. */
export const compiledProduct = async (
  engine: Engine,
  { rows, columns, dim }: ProductSize,
): Promise<Product> => {
  const { tf } = await import('../engine/tf.js')
  const program: Program = {
    name: 'similarity',
    inputs: {
      left: { shape: [rows, dim], dtype: 'float32' },
      right: { shape: [columns, dim], dtype: 'float32' },
    },
    step: ({ inputs: { left, right } }) => ({
      outputs: { products: tf.matMul(left as Tensor2D, right as Tensor2D, false, true) },
    }),
  }
  const state = engine.state({})
  const compiled = await engine.compile(program, state)
  return {
    async run(left, right, into) {
      await compiled.run({ left, right }, { products: into })
    },
    dispose() {
      compiled.dispose()
      state.dispose()
    },
  }
}
