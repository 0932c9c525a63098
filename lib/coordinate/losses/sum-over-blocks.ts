import { type Tensor, tf } from '../../engine/tf.js'
import { innerGradients } from '../../engine/ops/inner-gradients.js'
import { type Block, blocksOf, rowsOf } from './blocks.js'

/**
 * A sum over some rows, scalar: a pure function of tensors that is differentiated as it stands.
 * Constants, such as masks, it cuts for itself.
 */
export type BlockSum = (rows: Tensor[], whole: Tensor[], block: Block) => Tensor

/**
 * The sum of `compute` over blocks of rows, so that no matrix of all rows by `columns` is ever in
 * memory: the gradient computes each block once more (Gao et al. 2021 do the same for encoders).
 *
 * `rows` are cut along their first axis; `whole` goes to every block as it is. A loss written for a
 * block needs no second definition for large batches.
 */
export function sumOverBlocks(
  columns: number,
  rows: readonly Tensor[],
  whole: readonly Tensor[],
  compute: BlockSum,
): Tensor {
  const blocks = blocksOf(rows[0]!.shape[0]!, columns)
  if (blocks.length === 1) return compute([...rows], [...whole], blocks[0]!)
  const parts = (tensors: readonly Tensor[], block: Block): Tensor[] => [
    ...tensors.slice(0, rows.length).map(tensor => rowsOf(tensor, block)),
    ...tensors.slice(rows.length),
  ]
  const of =
    (block: Block) =>
    (...tensors: Tensor[]): Tensor =>
      compute(tensors.slice(0, rows.length), tensors.slice(rows.length), block)
  return tf.customGrad((...args: unknown[]) => {
    const given = args.slice(0, -1) as Tensor[]
    ;(args.at(-1) as (tensors: Tensor[]) => void)(given)
    const value = blocks
      .map(block => of(block)(...parts(given, block)))
      .reduce((a, b) => tf.add(a, b))
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const ofBlocks = blocks.map(block => innerGradients(of(block), parts(saved, block), dy))
      return given.map((_, i) => {
        const each = ofBlocks.map(gradients => gradients[i]!)
        return i < rows.length ? tf.concat(each) : each.reduce((a, b) => tf.add(a, b))
      })
    }
    return { value, gradFunc: gradFunc as never }
  })(...rows, ...whole)
}
