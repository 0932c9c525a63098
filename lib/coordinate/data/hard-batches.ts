import { key, permutation } from '../random.js'
import type { Neighbours } from './neighbours.js'

/**
 * One batch of an epoch, as positions among the training rows: seeds in the order of the epoch, each
 * with `together` - 1 of its nearest, drawn without replacement (OpenShape; METHODS 3.12). No row comes
 * twice, since it would be a negative of itself; where neighbours run out, the order goes on.
 */
export function hardBatch(
  order: Int32Array,
  { near, pool }: Neighbours,
  { batch, together, step, sequence }: Draw,
): Int32Array {
  const chosen = new Set<number>()
  // Each batch begins with the seeds that the one before has not come to.
  let next = step * Math.ceil(batch / together)
  while (chosen.size < batch) {
    const seed = order[next++ % order.length]!
    if (chosen.has(seed)) continue
    chosen.add(seed)
    let missing = Math.min(together - 1, batch - chosen.size)
    for (const at of permutation(pool, key(sequence, seed))) {
      if (missing === 0) break
      const row = near[seed * pool + at]!
      if (row < 0 || chosen.has(row)) continue
      chosen.add(row)
      missing--
    }
  }
  return Int32Array.from(chosen)
}

export interface Draw {
  batch: number
  /** Rows that come together: a seed and its neighbours. */
  together: number
  step: number
  /** Key of the random sequence of this step. */
  sequence: number
}
