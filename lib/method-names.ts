/**
 * Names of what `pcm-train --list` prints, without the weight of what they stand for: the command
 * line offers them, and the tables of lib/coordinate are keyed by them, so that neither can have
 * one that the other lacks.
 */

/** Terms that may be the whole loss, and terms that are only added. */
export const LOSS_NAMES = [
  'pcmc',
  'pcmr',
  'cwcl',
  'sdm',
  'hinge',
  'one-to-k',
  'symile',
  'itc',
  'openshape',
] as const
export const ADDED_NAMES = [
  'uniformity',
  'cross-uniformity',
  'alignment',
  'mixup',
  'ims',
  'lmim',
  'filip',
  'itm',
  'mod-x',
  'dbl',
  'xbt',
] as const
export type TermName = (typeof LOSS_NAMES | typeof ADDED_NAMES)[number]

export const HEAD_NAMES = ['linear', 'mlp', 'residual-mlp', 'lin+mlp', 'identity'] as const
export type HeadKind = (typeof HEAD_NAMES)[number]

export const POOLING_NAMES = [
  'mean',
  'max',
  'first',
  'attention',
  'gpo',
  'fdt',
  'universal',
] as const
export type PoolingKind = (typeof POOLING_NAMES)[number]

export const FORM_NAMES = ['cca', 'ridge', 'procrustes', 'relative'] as const
export type FormName = (typeof FORM_NAMES)[number]

/** `a, b or c`. */
export const listed = (names: readonly string[]): string =>
  `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
