import type { Tally } from '../../retrieve/tally.js'

/**
 * Where the relevant entries of a query stand once the first of its ranking are ordered by other
 * scores; what is behind these keeps its place. `first` are entries with their new scores; `before`
 * says where the relevant entries stood, none of `first` being level with one behind.
 */
export function reorder(
  before: Tally,
  first: readonly { entry: number; score: number }[],
  isRelevant: (entry: number) => boolean,
): Tally {
  const wrong = first.filter(({ entry }) => !isRelevant(entry)).map(({ score }) => score)
  const right = first
    .filter(({ entry }) => isRelevant(entry))
    .map(({ score }) => score)
    .sort((a, b) => b - a)
  const count = (test: (score: number) => boolean): number => wrong.filter(test).length
  const behind = before.greater.slice(right.length)
  const levelBehind = before.equal.slice(right.length)
  return {
    query: before.query,
    greater: Int32Array.of(...right.map(own => count(score => score > own)), ...behind),
    equal: Int32Array.of(...right.map(own => count(score => score === own)), ...levelBehind),
  }
}
