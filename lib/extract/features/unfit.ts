import type { ModalityField } from '../../stream/types.js'

/** Below it a number is rounded to a half that is finite: (65504 + 65536) / 2. */
const HALVES_END = 65520

/** The place of the first number that cannot be kept as asked, not finite or too large; else -1. */
export function firstUnfit(values: Float32Array, float: ModalityField['float']): number {
  const end = float === 'float16' ? HALVES_END : Infinity
  for (let at = 0; at < values.length; at++) if (!(Math.abs(values[at]!) < end)) return at
  return -1
}
