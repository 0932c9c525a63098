import type { PoolingKind } from '../../method-names.js'
import { attentionPooling } from './attention.js'
import { fdtPooling } from './fdt.js'
import { gpoPooling } from './gpo.js'
import type { Pooling } from './pooling.js'
import { universalPooling } from './universal.js'
import { firstPooling, maxPooling, meanPooling } from './simple.js'

/** What makes one vector of many tokens, by the name that `--pooling` takes. */
export const POOLINGS: Record<PoolingKind, Pooling> = {
  mean: meanPooling,
  max: maxPooling,
  first: firstPooling,
  attention: attentionPooling,
  gpo: gpoPooling,
  fdt: fdtPooling,
  universal: universalPooling,
}

export type { PoolingKind }

/** Whether it has a meaning for vectors too, each a sequence of one token. */
export const poolsVectors = (kind: PoolingKind | undefined): boolean =>
  kind !== undefined && POOLINGS[kind].vectors === true
