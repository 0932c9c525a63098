import { pair, type Pairing, type System } from './pair.js'
import { resample, type Resampled } from './resample.js'

/** Resamples for a comparison where nothing is said about intervals. */
export const USUAL_RESAMPLES = 1000

/** How sure a direction's metrics are, and how they compare with another system's. */
export interface Uncertainty {
  resampled?: Resampled[]
  pairing?: Pairing
}

/** `itemOf` gives the item of each of the queries; `items` is how many there are to draw from. */
export const judgeUncertainty = (
  one: System,
  other: System | undefined,
  itemOf: Int32Array,
  { bootstrap, seed, items }: { bootstrap?: number; seed: number; items: number },
): Uncertainty => {
  const resampling = { resamples: bootstrap ?? USUAL_RESAMPLES, seed, items }
  return {
    ...(bootstrap !== undefined && { resampled: resample(one.ranking, itemOf, resampling) }),
    ...(other && { pairing: pair(one, other, itemOf, resampling) }),
  }
}
