import type { ModalityField } from '../stream/types.js'
import type { CollectedFeatures } from './data/collect-features.js'
import { type Codes, type Dataset, groupsOf } from './data/dataset.js'
import type { Pair } from './losses/loss.js'
import { pairName } from './losses/loss.js'

/** `--positives [A+B:]COLUMN`: rows with equal values are positives, in one pair or in all. */
export interface Positives {
  pair?: Pick<Pair, 'a' | 'b'>
  column: string
}

/**
 * Names of the groupings of a stream: `id`, `column:NAME` for --positives, `category:NAME` where a
 * pair touches a category modality (DESIGN 3).
 */
export function groupingOf(
  positives: readonly Positives[],
  fields: readonly ModalityField[],
): (pair: Pick<Pair, 'a' | 'b'>) => string {
  const categories = new Set(fields.filter(f => f.kind === 'category').map(f => f.name))
  return pair => {
    const named = positives.filter(
      p =>
        !p.pair ||
        pairName(p.pair) === pairName(pair) ||
        pairName(turned(p.pair)) === pairName(pair),
    )
    const chosen = named.find(p => p.pair) ?? named.at(-1)
    if (chosen) return chosen.column === 'id' ? 'id' : `column:${chosen.column}`
    const category = [pair.b, pair.a].find(name => categories.has(name))
    return category ? `category:${category}` : 'id'
  }
}

const turned = ({ a, b }: Pick<Pair, 'a' | 'b'>): Pick<Pair, 'a' | 'b'> => ({ a: b, b: a })

/** The dataset of what was read, its features as they came. */
export function datasetOf(
  collected: CollectedFeatures,
  pairs: readonly Pair[],
  grouping: Dataset['grouping'],
): Dataset {
  const groupings: Record<string, Int32Array> = {}
  for (const pair of pairs) {
    const name = grouping(pair)
    groupings[name] ??= groupingValues(name, collected)
  }
  const { rows, modalities } = collected
  return { rows, modalities, groupings, grouping }
}

function groupingValues(name: string, collected: CollectedFeatures): Int32Array {
  const [kind, column] = name.split(/:(.*)/s)
  if (kind === 'category') {
    const { codes, present } = collected.modalities[column!] as Codes
    return groupsOf(Array.from(codes, (code, r) => (present[r] ? code : null)))
  }
  const other = collected.others[kind === 'id' ? 'id' : column!]
  return groupsOf(other!.values)
}
