import type { Scored } from './scored.js'

export interface CalibrationOptions {
  /** Bins of equal width between 0 and 1, closed on the right. */
  bins: number
  /** What cosines are divided by before the softmax. */
  temperature: number
}

/** One bin: what was claimed and what was true, from 0 to 1; null where it holds nothing. */
export interface Bin {
  low: number
  high: number
  items: number
  confidence: number | null
  accuracy: number | null
}

export interface CalibrationResult {
  /** Expected and maximum calibration error, in percent; null without items. */
  ece: number | null
  mce: number | null
  bins: Bin[]
}

/**
 * How much a classification can be believed (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017,
 * equations 2 to 5): confidence is the largest softmax of score / temperature over all classes, ECE
 * the mean over items of |accuracy - confidence| of the bin they fall into, MCE the largest such
 * difference. Right is what AccuracyCounter calls right.
 */
export class Calibration {
  private readonly items: Float64Array
  private readonly right: Float64Array
  private readonly claimed: Float64Array

  constructor(private readonly options: CalibrationOptions) {
    this.items = new Float64Array(options.bins)
    this.right = new Float64Array(options.bins)
    this.claimed = new Float64Array(options.bins)
  }

  add({ labels, standing, scores }: Scored): void {
    if (labels.length === 0) return
    const { bins, temperature } = this.options
    const confidence = largestSoftmax(scores!, temperature)
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
    this.items[bin]!++
    this.claimed[bin]! += confidence
    this.right[bin]! += Number(standing.rank === 1)
  }

  result(): CalibrationResult {
    const total = this.items.reduce((sum, count) => sum + count, 0)
    const gaps = this.items.map((count, bin) =>
      count === 0 ? 0 : Math.abs(this.right[bin]! - this.claimed[bin]!) / count,
    )
    const mean = (sums: Float64Array, bin: number) =>
      this.items[bin] === 0 ? null : sums[bin]! / this.items[bin]!
    return {
      ece:
        total === 0
          ? null
          : (100 * gaps.reduce((sum, gap, bin) => sum + gap * this.items[bin]!, 0)) / total,
      mce: total === 0 ? null : 100 * Math.max(...gaps),
      bins: Array.from(this.items, (items, bin) => ({
        low: bin / this.options.bins,
        high: (bin + 1) / this.options.bins,
        items,
        confidence: mean(this.claimed, bin),
        accuracy: mean(this.right, bin),
      })),
    }
  }
}

const largestSoftmax = (scores: Float64Array, temperature: number): number => {
  const largest = scores.reduce((max, score) => Math.max(max, score), -Infinity)
  return 1 / scores.reduce((sum, score) => sum + Math.exp((score - largest) / temperature), 0)
}
