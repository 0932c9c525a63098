import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Vectors } from '../../../lib/retrieve/vectors.js'
import { root } from '../../sandbox.js'

/** What scikit-learn makes of some points (test/crosscheck/projections.py). */
interface Reference {
  count: number
  dim: number
  values: number[]
  variances: [number, number]
  ratio: number
  /** Absolute values: signs are nobody's. */
  plane: number[]
  perplexity: number
  /** The first four rows. */
  affinities: number[]
  /** The costs of six starts at random: there are several minima. */
  divergences: number[]
}

export const reference = JSON.parse(
  readFileSync(join(root, 'fixtures/reference/projections.json'), 'utf8'),
) as Reference

export const points: Vectors = {
  count: reference.count,
  dim: reference.dim,
  values: Float32Array.from(reference.values),
}
