import type { OwnParameters } from '../layout.js'
import { fusionParameters, type FusionSize } from './size.js'

/** What a model says of its fusion encoders: one a pair, all of one size. */
export interface FusionDescription extends Omit<FusionSize, 'input'> {
  /** Names of the pairs: `photo+caption`, of which the second side asks. */
  pairs: string[]
}

/** Whose parameters they are, in the paths of a layout. */
export const fusionOwner = (pair: string): string => `${pair}/itm`

export const fusionLayout = (fusion: FusionDescription | undefined, dim: number): OwnParameters[] =>
  (fusion?.pairs ?? []).map(pair => ({
    owner: fusionOwner(pair),
    specs: fusionParameters({ ...fusion!, input: dim }),
  }))

export const isFusion = (given: unknown): given is FusionDescription => {
  if (typeof given !== 'object' || given === null) return false
  const { pairs, width, blocks, heads } = given as Partial<FusionDescription>
  const sizes = [width, blocks, heads].every(n => Number.isInteger(n) && n! > 0 && n! <= 4096)
  const named = Array.isArray(pairs) && pairs.every(pair => typeof pair === 'string')
  return sizes && named && width! % heads! === 0
}
