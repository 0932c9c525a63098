import type { Scored } from './scored.js'

/** What became of the rows of one modality. */
export interface Accuracy {
  /** Rows with a right class: those that are scored. */
  items: number
  /** For every k: the share of the items that have a right class among the first k, in percent. */
  top: Map<number, number | null>
  /** The mean over the classes present of the share of their items that is right (METHODS 4.9). */
  meanPerClass: number | null
  /** Classes that items belong to. */
  classesPresent: number
  /** Items whose right class shares its score with a wrong one that decides the top of some k. */
  ties: number
  /** Rows without the modality, without a label, with labels of which none is a class. */
  missing: number
  unlabelled: number
  unknown: number
}

/** One class: its items, those that are right, and how often it was the answer. */
export interface ClassAccuracy {
  index: number
  items: number
  right: number
  predicted: number
}

/** How often a label was taken for a class, both by index. */
export interface Confusion {
  label: number
  predicted: number
  count: number
}

/**
 * Counts right and wrong, row by row; memory grows with the classes, not with the rows. With several
 * labels a row, each of them counts as a class of the item.
 */
export class AccuracyCounter {
  private scored = 0
  private ties = 0
  private readonly hits: Map<number, number>
  private readonly items: Int32Array
  private readonly right: Int32Array
  private readonly predicted: Int32Array
  private readonly confused = new Map<number, number>()
  readonly skipped = { missing: 0, unlabelled: 0, unknown: 0 }

  constructor(
    private readonly classes: number,
    private readonly ks: readonly number[],
  ) {
    this.hits = new Map(ks.map(k => [k, 0]))
    this.items = new Int32Array(classes)
    this.right = new Int32Array(classes)
    this.predicted = new Int32Array(classes)
  }

  /**
   * Adds a row. Ties are pessimistic (METHODS 4.8), so prototypes that are all alike get nothing
   * right. `top` holds as many classes as the largest k, and all level with the last.
   */
  add({ labels, top, standing }: Scored): void {
    if (labels.length === 0) return
    this.scored++
    const answer = top.entries[0]!
    this.predicted[answer]!++
    const { rank, optimistic } = standing
    for (const k of this.ks) if (rank <= k) this.hits.set(k, this.hits.get(k)! + 1)
    if (this.ks.some(k => optimistic <= k && rank > k)) this.ties++
    for (const label of labels) {
      this.items[label]!++
      const key = label * this.classes + answer
      this.confused.set(key, (this.confused.get(key) ?? 0) + 1)
    }
    if (rank === 1) this.right[answer]!++
  }

  result(): Accuracy {
    const percent = (part: number) => (this.scored === 0 ? null : (100 * part) / this.scored)
    const present = this.perClass()
    return {
      items: this.scored,
      top: new Map([...this.hits].map(([k, count]) => [k, percent(count)])),
      meanPerClass: meanOver(present),
      classesPresent: present.length,
      ties: this.ties,
      ...this.skipped,
    }
  }

  /** The classes that items belong to. */
  perClass(): ClassAccuracy[] {
    return [...this.items.keys()]
      .filter(index => this.items[index]! > 0)
      .map(index => ({
        index,
        items: this.items[index]!,
        right: this.right[index]!,
        predicted: this.predicted[index]!,
      }))
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

/** The mean of the classes' shares of right items, in percent; null without any class. */
export const meanOver = (classes: readonly ClassAccuracy[]): number | null =>
  classes.length === 0
    ? null
    : (100 * classes.reduce((sum, { right, items }) => sum + right / items, 0)) / classes.length
