/**
 * The formulas of METHODS 0, 1.2, 1.3 and 1.4 once more, in plain float64 loops that share nothing
 * with the code under test. Matrices are arrays of rows.
 */
export type Matrix = number[][]

/** What is known of the rows of a batch: groups of positives, and who has both sides. */
export interface Known {
  groups?: ArrayLike<number>
  present?: ArrayLike<number>
}

export const matrix = (values: ArrayLike<number>, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => values[i * columns + j]!),
  )

export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map(row => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)))

export const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map(row => row[j]!))

export const unit = (a: Matrix): Matrix =>
  a.map(row => {
    const norm = Math.hypot(...row)
    return row.map(x => x / norm)
  })

/** The rows that take part, and whether two of them are positives. */
const rowsOf = ({ present }: Known, size: number): number[] =>
  [...Array(size).keys()].filter(i => !present || present[i] === 1)

const positive = ({ groups }: Known, i: number, j: number): boolean =>
  groups ? groups[i] === groups[j] : i === j

/** CE(L, (1 - smoothing) rowP(Y) + smoothing / rows) over the rows that take part. */
function crossEntropy(logits: Matrix, known: Known, smoothing = 0): number {
  const rows = rowsOf(known, logits.length)
  let sum = 0
  for (const i of rows) {
    const largest = Math.max(...rows.map(j => logits[i]![j]!))
    const log = largest + Math.log(rows.reduce((s, j) => s + Math.exp(logits[i]![j]! - largest), 0))
    const matches = rows.filter(j => positive(known, i, j))
    for (const j of matches) sum -= ((1 - smoothing) * (logits[i]![j]! - log)) / matches.length
    for (const j of rows) sum -= (smoothing * (logits[i]![j]! - log)) / rows.length
  }
  return sum / rows.length
}

/** InfoNCE(U, V; s, Y), U and V with unit rows. */
export function infoNce(u: Matrix, v: Matrix, s: number, known: Known, smoothing = 0): number {
  const logits = times(u, transposed(v)).map(row => row.map(x => s * x))
  const back = transposed(logits)
  return (crossEntropy(logits, known, smoothing) + crossEntropy(back, known, smoothing)) / 2
}

export type Form = 'balanced' | 'mean' | 'hinge' | 'gap'

/** l_R(m, n) with t_neg = 0, U and V with unit rows. */
export function regression(form: Form, u: Matrix, v: Matrix, known: Known): number {
  const s = times(u, transposed(v))
  const rows = rowsOf(known, u.length)
  const cells = rows.flatMap(i => rows.map(j => [i, j] as const))
  const matches = cells.filter(([i, j]) => positive(known, i, j))
  const rest = cells.filter(([i, j]) => !positive(known, i, j))
  const mean = (of: typeof cells, error: (i: number, j: number) => number): number =>
    of.length === 0 ? 0 : of.reduce((sum, [i, j]) => sum + error(i, j), 0) / of.length
  switch (form) {
    case 'balanced':
      return mean(matches, (i, j) => (s[i]![j]! - 1) ** 2) + mean(rest, (i, j) => s[i]![j]! ** 2)
    case 'hinge':
      return (
        mean(matches, (i, j) => (s[i]![j]! - 1) ** 2) +
        mean(rest, (i, j) => Math.max(0, s[i]![j]!) ** 2)
      )
    case 'mean':
      return mean(cells, (i, j) => (s[i]![j]! - (positive(known, i, j) ? 1 : 0)) ** 2)
    case 'gap':
      return (
        (mean(rest, (i, j) => (1 - (s[i]![i]! - s[i]![j]!)) ** 2) +
          mean(rest, (i, j) => (1 - (s[j]![j]! - s[i]![j]!)) ** 2)) /
        2
      )
  }
}

/** sum w l / sum w over the pairs with at least two rows that have both sides. */
export function overPairs(
  pairs: readonly { weight: number; known: Known; size: number; loss: () => number }[],
): number {
  const active = pairs.filter(({ known, size }) => rowsOf(known, size).length >= 2)
  const total = active.reduce((sum, { weight }) => sum + weight, 0)
  return total === 0 ? 0 : active.reduce((sum, p) => sum + p.weight * p.loss(), 0) / total
}

/** Slope of f along every number of x, by central differences; x is left as it was. */
export function slopes(f: () => number, x: { [i: number]: number; length: number }): number[] {
  const h = 1e-5
  return Array.from({ length: x.length }, (_, i) => {
    const kept = x[i]!
    x[i] = kept + h
    const above = f()
    x[i] = kept - h
    const below = f()
    x[i] = kept
    return (above - below) / (2 * h)
  })
}
