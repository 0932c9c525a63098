import { attentionPooling } from './attention.js'
import { gpoPooling } from './gpo.js'
import type { Pooling } from './pooling.js'
import { firstPooling, maxPooling, meanPooling } from './simple.js'

/** What makes one vector of many tokens, by the name that `--pooling` takes. */
export const POOLINGS = {
  mean: meanPooling,
  max: maxPooling,
  first: firstPooling,
  attention: attentionPooling,
  gpo: gpoPooling,
} satisfies Record<string, Pooling>

export type PoolingKind = keyof typeof POOLINGS
