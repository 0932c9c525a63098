/** What one fresh process measured: the median and the best of its repetitions. */
export interface Sample {
  median: number
  best: number
  [more: string]: unknown
}

/** Why something has no figure: it never fails the run. */
export interface NotRun {
  notRun: string
}

export const isNotRun = (side: object): side is NotRun => 'notRun' in side

/** Bounds a row should keep: `ratio` at least, everything else at most. */
export type Goal = Record<string, number>

/** One comparison; times in ms, memory in MB (10^6 bytes). */
export interface Row {
  name: string
  unit: 'ms' | 'MB'
  /** Median over the rounds of the median of each round. */
  ours: number | null
  peer: number | null
  /** peer / ours: above 1 we are faster. */
  ratio: number | null
  /** What the machine's measured peak and bandwidth allow at best. */
  floor: number | null
  /** Who the peer is, or why there is none. */
  against: string
  goal: Goal | null
  met: boolean | null
  best: { ours: number | null; peer: number | null }
  rounds: { ours: number[]; peer: number[] }
  [more: string]: unknown
}

export interface Measured {
  name: string
  unit?: Row['unit']
  ours: readonly Sample[]
  peer: readonly Sample[] | NotRun
  against: string
  floor?: number
  goal?: Goal | null
  /** Whatever else is worth knowing. */
  more?: Record<string, unknown>
}

export const rowOf = (measured: Measured): Row => {
  const { name, unit = 'ms', floor = null, goal = null, more = {} } = measured
  const theirs = isNotRun(measured.peer) ? [] : measured.peer
  const ours = medianOf(measured.ours)
  const peer = medianOf(theirs)
  const ratio = ours !== null && peer !== null ? peer / ours : null
  const figures = { ours, peer, ratio, ...more }
  return {
    name,
    unit,
    ours: rounded(ours),
    peer: rounded(peer),
    ratio: rounded(ratio),
    floor: rounded(floor),
    against: isNotRun(measured.peer) ? `not run: ${measured.peer.notRun}` : measured.against,
    goal,
    met: goal && isMet(goal, figures),
    best: { ours: bestOf(measured.ours), peer: bestOf(theirs) },
    rounds: { ours: medians(measured.ours), peer: medians(theirs) },
    ...more,
  }
}

/** The row of a measurement that cannot be made here. */
export const rowNotRun = (name: string, reason: string): Row =>
  rowOf({ name, ours: [], peer: { notRun: reason }, against: '' })

/** Nothing is known where a figure is missing. */
const isMet = (goal: Goal, figures: Record<string, unknown>): boolean | null => {
  const kept = Object.entries(goal).map(([name, bound]) => {
    const figure = figures[name]
    if (typeof figure !== 'number') return null
    return name === 'ratio' ? figure >= bound : figure <= bound
  })
  return kept.includes(false) ? false : kept.includes(null) ? null : true
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const medianOf = (samples: readonly Sample[]): number | null =>
  samples.length > 0 ? median(samples.map(sample => sample.median)) : null

const bestOf = (samples: readonly Sample[]): number | null =>
  samples.length > 0 ? rounded(Math.min(...samples.map(sample => sample.best))) : null

const medians = (samples: readonly Sample[]): number[] =>
  samples.map(sample => rounded(sample.median)!)

/** Four significant digits: more is noise. */
export const rounded = <T extends number | null>(value: T): T =>
  (value === null ? null : Number(value.toPrecision(4))) as T
