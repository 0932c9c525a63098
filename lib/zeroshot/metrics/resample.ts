import { drawItems, interval, type Resampling } from '../../retrieve/uncertainty/resample.js'
import { harmonicMean } from '../generalised/curve.js'
import type { AveragePrecision } from './average-precision.js'
import type { Scored } from './scored.js'

/** The 95 % interval of every metric by its key; null where no resample has any. */
export type Intervals = Record<string, [number, number] | null>

/** Numbers for the items of a stream, by id: rows that share one are one item (DESIGN 3). */
export class ItemNumbers {
  private readonly numbers = new Map<string, number>()

  of(id: string): number {
    const number = this.numbers.get(id) ?? this.numbers.size
    this.numbers.set(id, number)
    return number
  }

  get count(): number {
    return this.numbers.size
  }
}

/**
 * What became of every item, to be drawn again: the intervals of METHODS 4.10 for top-k, the mean per
 * class and what goes with unseen classes. Keeps three numbers a row.
 */
export class Outcomes {
  private readonly items: number[] = []
  private readonly labels: number[] = []
  private readonly ranks: number[] = []

  constructor(
    private readonly classes: number,
    private readonly ks: readonly number[],
    private readonly unseen: ReadonlySet<number> | undefined,
  ) {}

  add({ item, labels, standing }: Scored): void {
    if (labels.length === 0) return
    this.items.push(item)
    this.labels.push(labels[0]!)
    this.ranks.push(standing.rank)
  }

  /** `precision` where rows have several labels: then classes are none to take means over. */
  intervals(resampling: Resampling, precision: AveragePrecision | undefined): Intervals {
    const series: Record<string, Float64Array> = {}
    for (let r = 0; r < resampling.resamples; r++) {
      const weights = drawItems(resampling, r)
      const values = {
        ...this.shares(weights),
        ...(precision ? { map: precision.weighted(weights) } : this.means(weights)),
      }
      for (const [key, value] of Object.entries(values))
        (series[key] ??= new Float64Array(resampling.resamples))[r] = value
    }
    return Object.fromEntries(
      Object.entries(series).map(([key, values]) => [key, interval(values)]),
    )
  }

  private shares(weights: Int32Array): Record<string, number> {
    const hits = new Float64Array(this.ks.length)
    let total = 0
    this.ranks.forEach((rank, row) => {
      const weight = weights[this.items[row]!]!
      total += weight
      this.ks.forEach((k, i) => (hits[i]! += rank <= k ? weight : 0))
    })
    return Object.fromEntries(this.ks.map((k, i) => [`top${k}`, (100 * hits[i]!) / total]))
  }

  private means(weights: Int32Array): Record<string, number> {
    const items = new Float64Array(this.classes)
    const right = new Float64Array(this.classes)
    this.labels.forEach((label, row) => {
      const weight = weights[this.items[row]!]!
      items[label]! += weight
      if (this.ranks[row] === 1) right[label]! += weight
    })
    const meanOf = (wanted: (label: number) => boolean) => {
      const labels = [...items.keys()].filter(label => items[label]! > 0 && wanted(label))
      return (
        (100 * labels.reduce((sum, label) => sum + right[label]! / items[label]!, 0)) /
        labels.length
      )
    }
    const all = { mean_per_class: meanOf(() => true) }
    const { unseen } = this
    if (!unseen) return all
    const [seenMean, unseenMean] = [
      meanOf(label => !unseen.has(label)),
      meanOf(label => unseen.has(label)),
    ]
    return {
      ...all,
      acc_seen: seenMean,
      acc_unseen: unseenMean,
      h: harmonicMean(seenMean, unseenMean),
    }
  }
}
