import type { Engine } from '../../engine/types.js'
import { topEntries } from '../../retrieve/top.js'
import type { Vectors as Plain } from '../../retrieve/vectors.js'
import { similarityFor } from '../similarity-for.js'
import type { Dataset } from './dataset.js'
import { InOrder } from './values.js'
import { rowOffsets } from './vectors.js'

/** How many of the nearest rows a seed draws from (Liu et al. 2023, OpenShape). */
const POOL = 31

/** The nearest rows of each of some rows, nearest first: positions among them, -1 where there are fewer. */
export interface Neighbours {
  pool: number
  /** (rows x pool) */
  near: Int32Array
}

/**
 * Rows are near where their standardised features are: by the sum of the cosines of all vector
 * modalities that both have. Of several views or tokens it is the mean that counts.
 */
export async function neighboursOf(
  data: Dataset,
  rows: Int32Array,
  engine: Engine,
): Promise<Neighbours> {
  const vectors = sideBySide(data, rows)
  const pool = Math.min(POOL, rows.length - 1)
  const near = new Int32Array(rows.length * pool).fill(-1)
  const similarity = await similarityFor(engine, vectors)
  try {
    const task = { queries: vectors, gallery: vectors, k: pool + 1, similarity }
    for await (const { query, entries } of topEntries(task))
      near.set(entries.filter(entry => entry !== query).subarray(0, pool), query * pool)
  } finally {
    await similarity.close()
  }
  return { pool, near }
}

/** The unit means of all vector modalities, one after the other; zeros where a row lacks one. */
function sideBySide(data: Dataset, rows: Int32Array): Plain {
  const modalities = Object.values(data.modalities).flatMap(m => (m.type === 'vectors' ? [m] : []))
  const dim = modalities.reduce((sum, m) => sum + m.dim, 0)
  const values = new Float32Array(rows.length * dim)
  let first = 0
  for (const modality of modalities) {
    const offsets = rowOffsets(modality)
    const reader = new InOrder(modality.values, modality.dim)
    for (const [i, r] of rows.entries()) {
      if (!modality.present[r]) continue
      const own = values.subarray(i * dim + first, i * dim + first + modality.dim)
      for (let v = offsets[r]!; v < offsets[r + 1]!; v++) {
        const at = reader.seek(v)
        for (let j = 0; j < own.length; j++) own[j]! += reader.numbers[at + j]!
      }
      const norm = Math.hypot(...own)
      if (norm > 0) for (let j = 0; j < own.length; j++) own[j]! /= norm
    }
    first += modality.dim
  }
  return { count: rows.length, dim, values }
}
