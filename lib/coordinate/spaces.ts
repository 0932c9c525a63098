import { badData, badUsage } from '../error.js'
import type { Collected } from '../stream/collect.js'
import type { ModalityField } from '../stream/types.js'
import { type Dataset, groupsOf, type ModalityData } from './data/dataset.js'
import { standardise, type Statistics, statisticsOf } from './data/standardise.js'
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

/** Pairs of all modalities in stream order, but for those in which nothing would learn. */
export function allPairs(names: readonly string[], frozen: ReadonlySet<string>): Pair[] {
  return names.flatMap((a, i) =>
    names
      .slice(i + 1)
      .filter(b => !(frozen.has(a) && frozen.has(b)))
      .map(b => ({ a, b, weight: 1 })),
  )
}

/** Refuses pairs of modalities that the stream lacks, of one with itself, and twice the same. */
export function checkPairs(pairs: readonly Pair[], names: readonly string[]): void {
  const seen = new Set<string>()
  for (const pair of pairs) {
    for (const name of [pair.a, pair.b])
      if (!names.includes(name))
        throw badUsage(`no modality '${name}' in the stream`, `it has ${names.join(', ')}`)
    if (pair.a === pair.b) throw badUsage(`a pair needs two modalities, not '${pair.a}' twice`)
    const name = pairName(pair.a < pair.b ? pair : { a: pair.b, b: pair.a })
    if (seen.has(name)) throw badUsage(`the pair ${name} is given twice`)
    seen.add(name)
  }
}

/** The dataset of what was read; features stay as they came, `standardiseAll` changes them. */
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
  if (!other) throw badData(`no column '${column}' in the stream to take positives from`)
  return groupsOf(other.values)
}

/** Standardises every vector modality in place, by given statistics or by those of the rows. */
export function standardiseAll(
  data: Dataset,
  train: Int32Array,
  known: Record<string, Statistics>,
): Record<string, Statistics> {
  const statistics: Record<string, Statistics> = {}
  for (const [name, modality] of Object.entries(data.modalities)) {
    if (modality.type === 'codes') continue
    statistics[name] = known[name] ?? statisticsOf(modality, train)
    standardise(modality, statistics[name])
  }
  return statistics
}
