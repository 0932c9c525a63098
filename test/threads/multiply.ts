import { openEngine } from '../../lib/engine/open.js'
import { given, serve } from '../../lib/threads/serve.js'

/** A thread whose jobs are products of two matrices of so many rows: native work that takes a while. */
const rows = given<number>()
const engine = await openEngine({ device: 'cpu', threads: 1 })
const product = await engine.product!({ rows, columns: rows, dim: rows })
const matrix = new Float32Array(rows * rows).fill(1)
const into = new Float32Array(rows * rows)

serve<string>(async (name, port) => {
  port.postMessage(`${name} begins`)
  await product.run(matrix, matrix, into)
  port.postMessage(`${name} ends with ${into.at(-1)}`)
})
