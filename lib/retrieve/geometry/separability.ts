const STEPS = 200
const PENALTY = 1e-3

/**
 * How well a line tells two sets of vectors apart: the accuracy on every fifth vector of a logistic
 * regression fitted to the others (METHODS 4.7). 0.5 is best, 1 is a gap. Both sets come shuffled,
 * and count the same however large they are.
 */
export const separability = (one: Float64Array[], other: Float64Array[]): number | null => {
  const held = (_: unknown, i: number) => i % 5 === 4
  const kept = (_: unknown, i: number) => i % 5 !== 4
  if (!one.some(held) || !other.some(held)) return null
  const plane = fit(one.filter(kept), other.filter(kept))
  const share = (set: Float64Array[], sign: number) => {
    const test = set.filter(held)
    return test.filter(x => sign * plane(x) > 0).length / test.length
  }
  return (share(one, 1) + share(other, -1)) / 2
}

/** Gradient descent with momentum on centred vectors of unit spread; above 0 is the first set. */
const fit = (one: Float64Array[], other: Float64Array[]): ((x: Float64Array) => number) => {
  const dim = one[0]!.length
  const all = [...one, ...other]
  const centre = new Float64Array(dim)
  for (const x of all) for (let i = 0; i < dim; i++) centre[i]! += x[i]! / all.length
  let spread = 0
  for (const x of all)
    for (let i = 0; i < dim; i++) spread += (x[i]! - centre[i]!) ** 2 / all.length
  const scale = 1 / Math.sqrt(spread || 1)
  const weights = new Float64Array(dim)
  const speed = new Float64Array(dim)
  let bias = 0
  let biasSpeed = 0
  const plane = (x: Float64Array): number => {
    let sum = bias
    for (let i = 0; i < dim; i++) sum += weights[i]! * (x[i]! - centre[i]!) * scale
    return sum
  }
  for (let step = 0; step < STEPS; step++) {
    const slope = weights.map(weight => PENALTY * weight)
    let biasSlope = 0
    for (const [set, target] of [
      [one, 1],
      [other, 0],
    ] as const)
      for (const x of set) {
        const error = (1 / (1 + Math.exp(-plane(x))) - target) / (2 * set.length)
        biasSlope += error
        for (let i = 0; i < dim; i++) slope[i]! += error * (x[i]! - centre[i]!) * scale
      }
    for (let i = 0; i < dim; i++) weights[i]! += speed[i] = 0.9 * speed[i]! - slope[i]!
    bias += biasSpeed = 0.9 * biasSpeed - biasSlope
  }
  return plane
}
