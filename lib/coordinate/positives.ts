import type { Collected } from '../stream/collect.js'
import type { ModalityField } from '../stream/types.js'
import { type Dataset, groupsOf, type ModalityData } from './data/dataset.js'
import { vectorsOf } from './data/vectors.js'
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
  collected: Collected,
  fields: readonly ModalityField[],
  pairs: readonly Pair[],
  grouping: Dataset['grouping'],
): Dataset {
  const used = new Set(pairs.flatMap(({ a, b }) => [a, b]))
  const modalities: Record<string, ModalityData> = {}
  for (const field of fields)
    if (used.has(field.name)) modalities[field.name] = dataOf(collected, field)
  const groupings: Record<string, Int32Array> = {}
  for (const pair of pairs) {
    const name = grouping(pair)
    groupings[name] ??= groupingValues(name, collected)
  }
  return { rows: collected.rows, modalities, groupings, grouping }
}

function dataOf(collected: Collected, field: ModalityField): ModalityData {
  const column = collected.modalities[field.name]!
  if (column.layout !== 'category') return { type: 'vectors', ...vectorsOf(column) }
  const { codes, present } = column
  return { type: 'codes', categories: field.vocabulary!.length, codes, present }
}

function groupingValues(name: string, collected: Collected): Int32Array {
  const [kind, column] = name.split(/:(.*)/s)
  if (kind === 'category') {
    const { codes, present } = collected.modalities[column!] as {
      codes: Int32Array
      present: Uint8Array
    }
    return groupsOf(Array.from(codes, (code, r) => (present[r] ? code : null)))
  }
  const other = collected.others[kind === 'id' ? 'id' : column!]
  return groupsOf(other!.values)
}
