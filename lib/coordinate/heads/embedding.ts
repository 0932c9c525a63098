import { type Tensor1D, type Tensor2D, tf } from '../../engine/tf.js'
import type { Head } from './head.js'

/** Category c is row c of the table; x holds codes (B), int32. */
export const embeddingHead: Head = {
  summary: 'a table with one row for each category',
  source: 'an embedding table, as for words',
  about: `For categories, of itself: every row is the prototype of one.`,
  takes: 'codes',
  parameters: ({ input, output }) => [
    { name: 'table', shape: [input, output], initial: { normal: output ** -0.5 }, decay: true },
  ],
  dropouts: () => [],
  forward: (codes, p) => tf.gather(p.table as Tensor2D, codes as Tensor1D),
}
