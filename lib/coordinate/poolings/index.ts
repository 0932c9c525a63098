import type { PoolingKind } from '../../method-names.js'
import { attentionPooling } from './attention.js'
import { gpoPooling } from './gpo.js'
import type { Pooling } from './pooling.js'
import { firstPooling, maxPooling, meanPooling } from './simple.js'

/** What makes one vector of many tokens, by the name that `--pooling` takes. */
export const POOLINGS: Record<PoolingKind, Pooling> = {
  mean: meanPooling,
  max: maxPooling,
  first: firstPooling,
  attention: attentionPooling,
  gpo: gpoPooling,
}

export type { PoolingKind }
