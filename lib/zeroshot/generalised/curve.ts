import { standing, type Scored } from '../metrics/scored.js'

/** Seen and unseen accuracy between two values of gamma; shares from 0 to 1. */
export interface Point {
  /** Gamma is above the first and below the second. */
  from: number
  to: number
  seen: number
  unseen: number
}

/** An item that is right among the classes of its own side. */
interface Candidate {
  label: number
  /** Best score of a seen class less best score of an unseen one: where gamma changes the answer. */
  margin: number
}

/**
 * Seen against unseen accuracy for every gamma of calibrated stacking (Chao et al. 2016). An item of
 * a seen class is right where it is right among the seen classes and gamma is under its margin; one
 * of an unseen class where it is right among those and gamma is above. Accuracies are means over the
 * classes present (METHODS 4.9). Keeps two numbers an item.
 */
export class SeenUnseenCurve {
  private readonly items: Int32Array
  private readonly candidates: Candidate[] = []

  /** `unseen` tells the classes that training had none of, by index. */
  constructor(
    classes: number,
    private readonly unseen: ReadonlySet<number>,
  ) {
    this.items = new Int32Array(classes)
  }

  add({ labels, sides }: Scored): void {
    const [label] = labels
    if (label === undefined) return
    this.items[label]!++
    const { seen, unseen } = sides!
    const own = this.unseen.has(label) ? unseen : seen
    if (standing(labels, own).rank > 1) return
    this.candidates.push({ label, margin: seen.scores[0]! - unseen.scores[0]! })
  }

  /** The steps of the curve by ascending gamma, the first from -Infinity, the last to Infinity. */
  points(): Point[] {
    const present = [...this.items.keys()].filter(label => this.items[label]! > 0)
    const unseenClasses = present.filter(label => this.unseen.has(label)).length
    const seenClasses = present.length - unseenClasses
    const margins = [...new Set(this.candidates.map(({ margin }) => margin))].sort((a, b) => a - b)
    const changes = new Map(margins.map(margin => [margin, { seen: 0, unseen: 0 }]))
    let seen = 0
    for (const { label, margin } of this.candidates) {
      const change = changes.get(margin)!
      if (this.unseen.has(label)) change.unseen += 1 / (this.items[label]! * unseenClasses)
      else {
        const share = 1 / (this.items[label]! * seenClasses)
        change.seen -= share
        seen += share
      }
    }
    const points: Point[] = [{ from: -Infinity, to: margins[0] ?? Infinity, seen, unseen: 0 }]
    margins.forEach((margin, i) => {
      const { seen, unseen } = points[i]!
      const change = changes.get(margin)!
      points.push({
        from: margin,
        to: margins[i + 1] ?? Infinity,
        seen: Math.max(0, seen + change.seen),
        unseen: Math.min(1, unseen + change.unseen),
      })
    })
    return points
  }

  /** Both accuracies for one gamma; a class that is level with one of the other side is behind it. */
  at(gamma: number): { seen: number; unseen: number } {
    const points = this.points()
    return {
      seen: points.findLast(({ from }) => from <= gamma)!.seen,
      unseen: points.find(({ to }) => gamma <= to)!.unseen,
    }
  }

  /** The area under the curve by trapezoids, from 0 to 1; null where one side has no items. */
  area(): number | null {
    if (!this.hasBoth()) return null
    const points = this.points()
    return points.slice(1).reduce((sum, { seen, unseen }, i) => {
      const before = points[i]!
      return sum + ((before.seen - seen) * (before.unseen + unseen)) / 2
    }, 0)
  }

  /** The middle of the gammas with the largest harmonic mean, the smallest among equals. */
  best(): { gamma: number; h: number } | null {
    if (!this.hasBoth()) return null
    const steps = this.points().slice(1, -1)
    const best = steps.reduce(
      (best, { from, to, seen, unseen }) => {
        const h = harmonicMean(seen, unseen)
        return h > best.h ? { gamma: (from + to) / 2, h } : best
      },
      { gamma: 0, h: 0 },
    )
    return { ...best, h: 100 * best.h }
  }

  /** Items of all classes. */
  count(): number {
    return this.items.reduce((sum, count) => sum + count, 0)
  }

  private hasBoth(): boolean {
    const sides = new Set(
      [...this.items.keys()]
        .filter(label => this.items[label]! > 0)
        .map(label => this.unseen.has(label)),
    )
    return sides.size === 2
  }
}

/** 2 s u / (s + u), and 0 where both are. */
export const harmonicMean = (seen: number, unseen: number): number =>
  seen + unseen === 0 ? 0 : (2 * seen * unseen) / (seen + unseen)
