/** How close a search for a perplexity comes to it, in nats of entropy. */
const CLOSE = 1e-7
const TRIES = 200

/**
 * The joint probabilities of t-SNE: p_ij = (p_j|i + p_i|j) / 2n, where p_j|i is a Gaussian around i
 * whose width gives the perplexity. Squared distances in, (count x count), row-major, sum 1.
 */
export const affinities = (
  squares: Float64Array,
  count: number,
  perplexity: number,
): Float64Array => {
  const conditional = new Float64Array(count * count)
  for (let i = 0; i < count; i++)
    around(i, squares.subarray(i * count, (i + 1) * count), Math.log(perplexity), conditional)
  const joint = new Float64Array(count * count)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      joint[i * count + j] =
        (conditional[i * count + j]! + conditional[j * count + i]!) / (2 * count)
  return joint
}

/** Finds the precision of one Gaussian by bisection; its probabilities go into row i. */
const around = (i: number, squares: Float64Array, entropy: number, into: Float64Array): void => {
  const count = squares.length
  const row = into.subarray(i * count, (i + 1) * count)
  const nearest = squares.reduce((least, d, j) => (j === i ? least : Math.min(least, d)), Infinity)
  let [low, beta, high] = [0, 1, Infinity]
  for (let t = 0; t < TRIES; t++) {
    const found = fill(row, squares, { i, beta, nearest })
    if (Math.abs(found - entropy) < CLOSE) return
    if (found > entropy) low = beta
    else high = beta
    beta = high === Infinity ? beta * 2 : (low + high) / 2
  }
}

/** The Gaussian of one precision: its entropy in nats. Distances are taken from the nearest on. */
const fill = (
  row: Float64Array,
  squares: Float64Array,
  { i, beta, nearest }: { i: number; beta: number; nearest: number },
): number => {
  let sum = 0
  let weighted = 0
  for (let j = 0; j < row.length; j++) {
    const beyond = squares[j]! - nearest
    row[j] = j === i ? 0 : Math.exp(-beta * beyond)
    sum += row[j]!
    weighted += row[j]! * beyond
  }
  for (let j = 0; j < row.length; j++) row[j]! /= sum
  return Math.log(sum) + (beta * weighted) / sum
}
