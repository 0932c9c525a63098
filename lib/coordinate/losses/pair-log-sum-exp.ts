import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import { type Block, blocksOf, rowsOf } from './blocks.js'

/** What is added to the logits of every row and of every column, (B) and (C); absent: nothing. */
export interface Bias {
  rows: Tensor1D
  columns: Tensor1D
}

/** Log sum exp of every row (B) and of every column (C) of the logits. */
export interface PairSums {
  rows: Tensor1D
  columns: Tensor1D
}

/**
 * Rows and columns of the logits U V^T in one go, U (B, d) already scaled, V (C, d).
 *
 * Both directions of a contrastive loss need the softmax of the same matrix, along rows and along
 * columns. The gradient is those two softmaxes, given in closed form (METHODS 0): the logits are
 * read as few times as can be, and no maximum is differentiated. Each direction takes out its own
 * maximum, so neither underflows at any temperature. A large matrix is never whole in memory: it is
 * made block after block of rows, and made again for the gradient.
 */
export function pairLogSumExp(u: Tensor2D, v: Tensor2D, bias?: Bias): PairSums {
  const [b, c] = [u.shape[0], v.shape[0]]
  const blocks = blocksOf(b, c)
  const { forward, backward } = blocks.length === 1 ? atOnce : inBlocks(blocks)
  const inputs: Tensor[] = bias ? [u, v, bias.rows, bias.columns] : [u, v]
  const both = tf.customGrad((...args: unknown[]) => {
    const save = args.at(-1) as (tensors: Tensor[]) => void
    const [u, v, rows, columns] = args as [Tensor2D, Tensor2D, Tensor1D, Tensor1D]
    const given = { u, v, ...(bias && { bias: { rows, columns } }) }
    const { sums, kept } = forward(given)
    save([...inputs.map((_, i) => args[i] as Tensor), ...kept])
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [u, v, rows, columns] = saved as [Tensor2D, Tensor2D, Tensor1D, Tensor1D]
      const given = { u, v, ...(bias && { bias: { rows, columns } }) }
      const d = {
        rows: tf.slice(dy as Tensor1D, [0], [b]),
        columns: tf.slice(dy as Tensor1D, [b], [c]),
      }
      const [du, dv] = backward(given, saved.slice(inputs.length), d)
      // Biases say which rows are there: nothing is learned through them.
      return bias ? [du, dv, tf.zeros([b]), tf.zeros([c])] : [du, dv]
    }
    return { value: tf.concat([sums.rows, sums.columns]), gradFunc }
  })(...inputs) as Tensor1D
  return { rows: tf.slice(both, [0], [b]), columns: tf.slice(both, [b], [c]) }
}

interface Given {
  u: Tensor2D
  v: Tensor2D
  bias?: Bias
}

interface Way {
  forward(given: Given): { sums: PairSums; kept: Tensor[] }
  backward(given: Given, kept: Tensor[], d: PairSums): [Tensor2D, Tensor2D]
}

/** The whole matrix, its exponentials kept for the gradient. */
const atOnce: Way = {
  forward({ u, v, bias }) {
    const logits = logitsOf(u, v, bias)
    const alongRows = tf.softmax(logits, 1)
    const { largest, powers, sums } = columnPowers(logits)
    // The largest share of a row is 1 / sum exp(x - max): no second pass of exponentials.
    const rows = tf.sub(tf.max(logits, 1), tf.log(tf.max(alongRows, 1))) as Tensor1D
    const columns = tf.reshape(tf.add(tf.log(sums), largest), [-1]) as Tensor1D
    return { sums: { rows, columns }, kept: [alongRows, powers, sums] }
  },
  backward({ u, v }, kept, d) {
    const [alongRows, powers, sums] = kept as [Tensor2D, Tensor2D, Tensor2D]
    const ds = tf.add(
      tf.mul(alongRows, tf.expandDims(d.rows, 1)),
      tf.mul(powers, tf.div(tf.expandDims(d.columns, 0), sums)),
    ) as Tensor2D
    return [tf.matMul(ds, v), tf.matMul(ds, u, true, false)]
  },
}

/** Only the sums are kept; logits are multiplied out again, block after block, for the gradient. */
const inBlocks = (blocks: readonly Block[]): Way => ({
  forward({ u, v, bias }) {
    const rows: Tensor1D[] = []
    let columns: Tensor2D | undefined
    for (const block of blocks) {
      const logits = logitsOf(rowsOf(u, block), v, biasOf(bias, block))
      const largest = tf.max(logits, 1, true)
      const sums = tf.sum(tf.exp(tf.sub(logits, largest)), 1, true)
      rows.push(tf.reshape(tf.add(tf.log(sums), largest), [-1]))
      const own = columnPowers(logits)
      const ofBlock = tf.add(tf.log(own.sums), own.largest) as Tensor2D
      columns = columns ? logAddExp(columns, ofBlock) : ofBlock
    }
    const sums = { rows: tf.concat(rows), columns: tf.reshape(columns!, [-1]) as Tensor1D }
    return { sums, kept: [sums.rows, sums.columns] }
  },
  backward({ u, v, bias }, kept, d) {
    const [rows, columns] = kept as [Tensor1D, Tensor1D]
    const du: Tensor2D[] = []
    let dv: Tensor2D | undefined
    for (const block of blocks) {
      const own = rowsOf(u, block)
      const logits = logitsOf(own, v, biasOf(bias, block))
      const alongRows = tf.exp(tf.sub(logits, tf.expandDims(rowsOf(rows, block), 1)))
      const alongColumns = tf.exp(tf.sub(logits, tf.expandDims(columns, 0)))
      const ds = tf.add(
        tf.mul(alongRows, tf.expandDims(rowsOf(d.rows, block), 1)),
        tf.mul(alongColumns, tf.expandDims(d.columns, 0)),
      ) as Tensor2D
      du.push(tf.matMul(ds, v))
      const part = tf.matMul(ds, own, true, false) as Tensor2D
      dv = dv ? (tf.add(part, dv) as Tensor2D) : part
    }
    return [tf.concat(du), dv!]
  },
})

function logitsOf(u: Tensor2D, v: Tensor2D, bias: Bias | undefined): Tensor2D {
  const product = tf.matMul(u, v, false, true) as Tensor2D
  if (!bias) return product
  const withRows = tf.add(product, tf.expandDims(bias.rows, 1))
  return tf.add(withRows, tf.expandDims(bias.columns, 0)) as Tensor2D
}

const biasOf = (bias: Bias | undefined, block: Block): Bias | undefined =>
  bias && { rows: rowsOf(bias.rows, block), columns: bias.columns }

/** exp(L - max) of every column, the maxima and the sums (1, C). */
function columnPowers(logits: Tensor2D): { largest: Tensor; powers: Tensor2D; sums: Tensor } {
  const largest = tf.max(logits, 0, true)
  const powers = tf.exp(tf.sub(logits, largest)) as Tensor2D
  return { largest, powers, sums: tf.sum(powers, 0, true) }
}

function logAddExp(a: Tensor2D, b: Tensor2D): Tensor2D {
  const largest = tf.maximum(a, b)
  return tf.add(
    largest,
    tf.log(tf.add(tf.exp(tf.sub(a, largest)), tf.exp(tf.sub(b, largest)))),
  ) as Tensor2D
}
