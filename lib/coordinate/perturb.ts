import { badUsage } from '../error.js'
import type { ModalityColumn, ModalityField, NestedColumn, RaggedColumn } from '../stream/types.js'
import type { Statistics } from './data/standardise.js'
import { hasTokens } from './data/vectors.js'
import { key, normal, Purpose, uniform, wordKey } from './random.js'

/** How features are spoilt, to see what embeddings endure (METHODS 4.12). */
export interface Perturbation {
  /** Deviation of Gaussian noise that is added, in deviations of the feature. */
  noise: number
  /** Share of the numbers that become their mean. */
  features: number
  /** Share of the tokens that are dropped; the first of each sequence stays. */
  tokens: number
  /** Share of the rows that lose the modality. */
  missing: number
}

const KINDS = ['noise', 'features', 'tokens', 'missing'] as const
type Kind = (typeof KINDS)[number]

/** Perturbations by the modality they are for. */
export type Perturbations = ReadonlyMap<string, Perturbation>

/**
 * `[NAME:]KIND=AMOUNT[,KIND=AMOUNT]...`, as often as given; without a name for every modality that
 * has none of its own. Throws usage (64) for what cannot be meant.
 */
export function parsePerturbations(
  texts: readonly string[],
  fields: readonly ModalityField[],
): Perturbations {
  const found = new Map<string, Perturbation>()
  const named = texts.map(text => ({ text, ...splitName(text, fields) }))
  for (const { text, name, rest } of named.sort((a, b) => Number(!b.name) - Number(!a.name))) {
    const own = parseAmounts(text, rest)
    const meant = fields.filter(field => name === undefined || field.name === name)
    if (own.tokens > 0 && !meant.some(hasTokens))
      throw badUsage(`--perturb ${text}: ${meant.map(m => m.name).join(', ')} has no tokens`)
    for (const field of meant) found.set(field.name, own)
  }
  return found
}

function splitName(
  text: string,
  fields: readonly ModalityField[],
): { name: string | undefined; rest: string } {
  const at = text.lastIndexOf(':')
  if (at < 0) return { name: undefined, rest: text }
  const name = text.slice(0, at)
  if (!fields.some(field => field.name === name))
    throw badUsage(
      `--perturb ${text}: no features of '${name}' to embed, there are ${fields.map(f => f.name).join(', ')}`,
    )
  return { name, rest: text.slice(at + 1) }
}

function parseAmounts(text: string, rest: string): Perturbation {
  const own = { noise: 0, features: 0, tokens: 0, missing: 0 }
  for (const word of rest.split(',')) {
    const [kind, amount] = word.split('=') as [Kind, string | undefined]
    const value = Number(amount?.trim() || NaN)
    const most = kind === 'noise' ? Infinity : 1
    if (!KINDS.includes(kind) || !(value >= 0 && value <= most && Number.isFinite(value)))
      throw badUsage(
        `--perturb ${text}: expected [NAME:]KIND=AMOUNT[,KIND=AMOUNT]...`,
        'noise of 0 or more; features, tokens and missing from 0 to 1',
      )
    own[kind] = value
  }
  return own
}

/** The sequences that one row of one modality draws from: one for each kind. */
type Draws = (row: number, kind: Kind) => number

/** Changes the features of some rows of a modality, of which the first has that number in the stream. */
export type Spoil = (name: string, column: ModalityColumn, firstRow: number) => ModalityColumn

/** Spoils what perturbations are for, by the means and deviations of a model. */
export const spoiling =
  (
    perturbations: Perturbations,
    statistics: Readonly<Record<string, Statistics>>,
    seed: number,
  ): Spoil =>
  (name, column, firstRow) => {
    const own = perturbations.get(name)
    return own ? perturbed(column, own, statistics[name], { name, seed, firstRow }) : column
  }

/**
 * The features of some rows, spoilt. What a row draws depends on the seed, the modality and the number of
 * the row in the stream alone. Statistics are those of the model: what deviations and means are.
 */
export function perturbed(
  column: ModalityColumn,
  perturbation: Perturbation,
  statistics: Statistics | undefined,
  { name, seed, firstRow }: { name: string; seed: number; firstRow: number },
): ModalityColumn {
  const draws: Draws = (row, kind) =>
    key(seed, Purpose.perturbation, wordKey(name), firstRow + row, KINDS.indexOf(kind))
  const present = column.present.map(
    (has, r) => has & Number(uniform(draws(r, 'missing'), 0) >= perturbation.missing),
  )
  if (column.layout === 'category') return { ...column, present }
  const own =
    perturbation.tokens > 0 && (column.layout === 'tokens' || column.layout === 'views-of-tokens')
      ? withFewerTokens(column, perturbation.tokens, draws)
      : column
  const values = own.values.slice()
  const { noise, features } = perturbation
  for (let r = 0; r < present.length; r++) {
    const [from, to] = vectorsOfRow(own, r)
    const [noisy, dropped] = [draws(r, 'noise'), draws(r, 'features')]
    for (let i = 0; i < (to - from) * own.dim; i++) {
      const [at, j] = [from * own.dim + i, i % own.dim]
      if (features > 0 && uniform(dropped, i) < features) values[at] = statistics?.mean[j] ?? 0
      if (noise > 0) values[at]! += noise * (statistics?.deviation[j] ?? 1) * normal(noisy, i)
    }
  }
  return { ...own, values, present }
}

/** The vectors of a row: tokens, views, or the one there is. */
function vectorsOfRow(
  column: Exclude<ModalityColumn, { layout: 'category' }>,
  row: number,
): [number, number] {
  if (column.layout === 'vector') return [row, row + 1]
  const [from, to] = [column.offsets[row]!, column.offsets[row + 1]!]
  return column.layout === 'views-of-tokens'
    ? [column.viewOffsets[from]!, column.viewOffsets[to]!]
    : [from, to]
}

function withFewerTokens<Column extends RaggedColumn | NestedColumn>(
  column: Column,
  share: number,
  draws: Draws,
): Column {
  const starts = column.layout === 'views-of-tokens' ? column.viewOffsets : column.offsets
  const firsts = new Set(starts)
  const kept: number[] = []
  const at = new Int32Array(starts.at(-1)! + 1)
  for (let r = 0; r < column.present.length; r++) {
    const [from, to] = vectorsOfRow(column, r)
    const sequence = draws(r, 'tokens')
    for (let v = from; v < to; v++) {
      at[v] = kept.length
      if (firsts.has(v) || uniform(sequence, v - from) >= share) kept.push(v)
    }
  }
  at[starts.at(-1)!] = kept.length
  const values = new Float32Array(kept.length * column.dim)
  kept.forEach((v, i) =>
    values.set(column.values.subarray(v * column.dim, (v + 1) * column.dim), i * column.dim),
  )
  const offsets = starts.map(start => at[start]!)
  return column.layout === 'views-of-tokens'
    ? { ...column, values, viewOffsets: offsets }
    : { ...column, values, offsets }
}
