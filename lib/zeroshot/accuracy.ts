import type { Top } from '../retrieve/top.js'

/** What became of the rows of one modality. */
export interface Accuracy {
  /** Rows with a label that is the name of a class: those that are scored. */
  items: number
  /** Shares of the items whose class is first, or among the first five, in percent. */
  top1: number | null
  top5: number | null
  /** The mean over the classes present of the share of their items that is right (METHODS 4.9). */
  meanPerClass: number | null
  /** Classes that items belong to. */
  classesPresent: number
  /** Items whose right class shares its score with a wrong one that decides top1 or top5. */
  ties: number
  /** Rows without the modality, without a label, with a label that is no class. */
  missing: number
  unlabelled: number
  unknown: number
}

/** How often a label was taken for a class, both by index. */
export interface Confusion {
  label: number
  predicted: number
  count: number
}

/** Counts right and wrong, row by row; memory grows with the classes, not with the rows. */
export class AccuracyCounter {
  private top1 = 0
  private top5 = 0
  private ties = 0
  private readonly items: Int32Array
  private readonly right: Int32Array
  private readonly confused = new Map<number, number>()
  readonly skipped = { missing: 0, unlabelled: 0, unknown: 0 }

  constructor(private readonly classes: number) {
    this.items = new Int32Array(classes)
    this.right = new Int32Array(classes)
  }

  /**
   * Adds a row of class `label`. Ties are pessimistic (METHODS 4.8): a class counts as behind every
   * other with the same score, so prototypes that are all alike get nothing right. `top` holds the
   * first five and all level with the fifth.
   */
  add(label: number, { entries, scores }: Top): void {
    this.items[label]!++
    const key = label * this.classes + entries[0]!
    this.confused.set(key, (this.confused.get(key) ?? 0) + 1)
    const at = entries.indexOf(label)
    if (at < 0) return
    const score = scores[at]!
    const rank = scores.reduce((n, other) => n + Number(other >= score), 0)
    const above = scores.reduce((n, other) => n + Number(other > score), 0)
    if ((above < 1 && rank > 1) || (above < 5 && rank > 5)) this.ties++
    if (rank <= 5) this.top5++
    if (rank > 1) return
    this.top1++
    this.right[label]!++
  }

  result(): Accuracy {
    const items = this.items.reduce((sum, count) => sum + count, 0)
    const shares = [...this.items.keys()]
      .filter(label => this.items[label]! > 0)
      .map(label => this.right[label]! / this.items[label]!)
    const percent = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole)
    return {
      items,
      top1: percent(this.top1, items),
      top5: percent(this.top5, items),
      meanPerClass: percent(
        shares.reduce((sum, share) => sum + share, 0),
        shares.length,
      ),
      classesPresent: shares.length,
      ties: this.ties,
      ...this.skipped,
    }
  }

  /** What was taken for what, by label, then by prediction. */
  confusion(): Confusion[] {
    return [...this.confused]
      .sort(([a], [b]) => a - b)
      .map(([key, count]) => ({
        label: Math.floor(key / this.classes),
        predicted: key % this.classes,
        count,
      }))
  }
}
