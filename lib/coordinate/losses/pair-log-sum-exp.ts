import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'

/** What is added to the logits of a row and of a column, (B) each; absent: nothing. */
export interface Bias {
  rows: Tensor1D
  columns: Tensor1D
}

/** Log sum exp of every row and of every column of the logits, (B) each. */
export interface PairSums {
  rows: Tensor1D
  columns: Tensor1D
}

/**
 * Rows and columns of the logits U V^T in one go, U (B, d) already scaled, V (C, d).
 *
 * Both directions of a contrastive loss need the softmax of the same matrix, along rows and along
 * columns. The gradient is those two softmaxes, given in closed form (METHODS 0): so the logits are
 * read as few times as can be, and no maximum is differentiated. Each direction takes out its own
 * maximum, so neither underflows at any temperature.
 */
export function pairLogSumExp(u: Tensor2D, v: Tensor2D, bias?: Bias): PairSums {
  const inputs: Tensor[] = bias ? [u, v, bias.rows, bias.columns] : [u, v]
  const both = tf.customGrad((...args: unknown[]) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void
    const [u, v, rowBias, columnBias] = args as [Tensor2D, Tensor2D, Tensor1D?, Tensor1D?]
    const product = tf.matMul(u, v, false, true) as Tensor2D
    const logits = bias ? biased(product, rowBias!, columnBias!) : product
    const alongRows = tf.softmax(logits, 1)
    const largest = tf.max(logits, 0, true)
    const powers = tf.exp(tf.sub(logits, largest))
    const sums = tf.sum(powers, 0, true)
    save([u, v, alongRows, powers, sums])
    // The largest share of a row is 1 / sum exp(x - max): no second pass of exponentials.
    const rows = tf.sub(tf.max(logits, 1), tf.log(tf.max(alongRows, 1)))
    const columns = tf.reshape(tf.add(tf.log(sums), largest), [-1])
    return { value: tf.concat([rows, columns] as Tensor1D[]), gradFunc: gradients(inputs.length) }
  })(...inputs) as Tensor1D
  const [b, c] = [u.shape[0], v.shape[0]]
  return { rows: tf.slice(both, [0], [b]), columns: tf.slice(both, [b], [c]) }
}

const biased = (logits: Tensor2D, rows: Tensor1D, columns: Tensor1D): Tensor2D =>
  tf.add(tf.add(logits, tf.expandDims(rows, 1)), tf.expandDims(columns, 0))

/** dS = diag(dy_rows) softmax_rows + softmax_columns diag(dy_columns); biases are constants. */
const gradients = (inputs: number) => (dy: Tensor, saved: Tensor[]) => {
  const [u, v, alongRows, powers, sums] = saved as [
    Tensor2D,
    Tensor2D,
    Tensor2D,
    Tensor2D,
    Tensor2D,
  ]
  const [b, c] = [u.shape[0], v.shape[0]]
  const dRows = tf.reshape(tf.slice(dy as Tensor1D, [0], [b]), [b, 1])
  const dColumns = tf.reshape(tf.slice(dy as Tensor1D, [b], [c]), [1, c])
  const ds = tf.add(tf.mul(alongRows, dRows), tf.mul(powers, tf.div(dColumns, sums))) as Tensor2D
  const constants = saved.slice(0, inputs - 2).map((_, i) => tf.zeros([i === 0 ? b : c]))
  return [tf.matMul(ds, v), tf.matMul(ds, u, true, false), ...constants]
}
