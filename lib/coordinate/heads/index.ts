import type { HeadKind } from '../../method-names.js'
import { embeddingHead } from './embedding.js'
import type { Head } from './head.js'
import { identityHead } from './identity.js'
import { linMlpHead } from './lin-mlp.js'
import { linearHead } from './linear.js'
import { mlpHead } from './mlp.js'
import { residualMlpHead } from './residual-mlp.js'

/** Heads over feature vectors, by the name that `--head` takes. */
export const HEADS: Record<HeadKind, Head> = {
  linear: linearHead,
  mlp: mlpHead,
  'residual-mlp': residualMlpHead,
  'lin+mlp': linMlpHead,
  identity: identityHead,
}

export type { HeadKind }

/** The head of a modality; categories always have the embedding table. */
export const headOf = (kind: HeadKind | 'embedding'): Head =>
  kind === 'embedding' ? embeddingHead : HEADS[kind]
