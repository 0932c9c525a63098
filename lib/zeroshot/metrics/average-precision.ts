import type { Scored } from './scored.js'

/** One class as a query for the items: from 0 to 1. */
export interface ClassPrecision {
  index: number
  items: number
  ap: number
}

export interface PrecisionResult {
  /** The mean over the classes that some item has; null without any. */
  map: number | null
  /** Items that were ranked, those without any class among them. */
  items: number
  classes: ClassPrecision[]
}

/** An item in the ranking of a class. */
interface Ranked {
  item: number
  relevant: boolean
  score: number
}

/**
 * Mean average precision over classes, the metric of several labels a row: every class ranks all
 * items by their score for it (METHODS 4.3, 4.8: among equal scores the wrong ones first). Keeps the
 * scores of all items for all classes.
 */
export class AveragePrecision {
  private readonly scored: Pick<Scored, 'item' | 'labels' | 'scores'>[] = []
  private rankings: Map<number, Ranked[]> | undefined

  constructor(private readonly classes: number) {}

  add({ item, labels, scores }: Scored): void {
    this.scored.push({ item, labels, scores })
    this.rankings = undefined
  }

  result(): PrecisionResult {
    const classes = [...this.ranked()].map(([index, ranking]) => ({
      index,
      items: ranking.filter(({ relevant }) => relevant).length,
      ap: weightedPrecision(ranking, () => 1)!,
    }))
    return { map: mean(classes.map(({ ap }) => ap)), items: this.scored.length, classes }
  }

  /** The same mean where items count as often as `weights` says; NaN without a relevant one. */
  weighted(weights: Int32Array): number {
    const precisions = [...this.ranked().values()].flatMap(
      ranking => weightedPrecision(ranking, ({ item }) => weights[item]!) ?? [],
    )
    return mean(precisions) ?? NaN
  }

  /** The ranking of every class that some item has. */
  private ranked(): Map<number, Ranked[]> {
    if (this.rankings) return this.rankings
    this.rankings = new Map()
    for (let index = 0; index < this.classes; index++) {
      const ranking = this.scored.map(({ item, labels, scores }) => ({
        item,
        relevant: labels.includes(index),
        score: scores![index]!,
      }))
      if (!ranking.some(({ relevant }) => relevant)) continue
      ranking.sort((a, b) => b.score - a.score || Number(a.relevant) - Number(b.relevant))
      this.rankings.set(index, ranking)
    }
    return this.rankings
  }
}

/** Average precision of a ranking in which an entry stands `weight` times; undefined without any. */
const weightedPrecision = (
  ranking: readonly Ranked[],
  weight: (entry: Ranked) => number,
): number | undefined => {
  let position = 0
  let found = 0
  let sum = 0
  for (const entry of ranking)
    for (let copy = weight(entry); copy > 0; copy--) {
      position++
      if (entry.relevant) sum += ++found / position
    }
  return found === 0 ? undefined : sum / found
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
