/**
 * Names of heads, poolings and closed forms, without the weight of what they stand for: the command
 * line offers them, and the tables of lib/coordinate are keyed by them, so that neither can have
 * one that the other lacks.
 */

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
