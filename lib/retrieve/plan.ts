import { badData } from '../error.js'
import type { StreamSchema } from '../stream/types.js'
import { checkWhere, parseWhere, type Where } from '../stream/where.js'
import { allDirections, parseDirection, type Direction } from './direction.js'
import { codeColumn, parsePositives, relevanceColumn } from './relevance.js'
import { parseSweep, type Sweep } from './sweep.js'

/** What a command line asks for, checked against the schema of the stream. */
export interface Plan {
  directions: { direction: Direction; relevance: string }[]
  /** Which of them are the combinations that a `*` stands for. */
  sweeps: Sweep[]
  /** The columns to read. */
  modalities: string[]
  others: string[]
  query?: Where
  gallery?: Where
  /** Rows that weights are chosen on. */
  tune?: Where
}

export interface PlanOptions {
  direction: readonly string[]
  positives: readonly string[]
  query?: string
  gallery?: string
  tune?: string
  label?: string
  by: readonly string[]
  /** Further columns to read, for whoever looks at the rows. */
  columns: readonly string[]
}

/** Throws usage errors (64) for what cannot be meant, bad data (65) for columns that are missing. */
export const planEvaluation = (
  schema: StreamSchema,
  source: string,
  options: PlanOptions,
): Plan => {
  const { modalities: fields, others } = schema
  const columns = others.map(({ name }) => name)
  const sweeps: Sweep[] = []
  const texts = options.direction.flatMap(text => {
    const sweep = parseSweep(text, fields)
    if (sweep) sweeps.push(sweep)
    return sweep?.directions ?? [text]
  })
  const directions = texts.length
    ? unique(texts).map(text => parseDirection(text, fields))
    : allDirections(fields, source)
  const rules = options.positives.map(text => parsePositives(text, columns))
  const related = directions.map(direction => ({
    direction,
    relevance: relevanceColumn(direction, fields, rules),
  }))
  const where = (text: string | undefined) => {
    if (text === undefined) return undefined
    const parsed = parseWhere(text)
    checkWhere([parsed], schema)
    return parsed
  }
  const query = where(options.query)
  const gallery = where(options.gallery)
  const tune = where(options.tune)
  const sides = directions.flatMap(({ query, gallery }) => [query, gallery])
  const modalities = unique(sides.flatMap(({ parts }) => parts.map(({ column }) => column)))
  const categories = fields.filter(
    ({ name, kind }) => kind === 'category' && modalities.includes(name),
  )
  const needed = unique([
    'id',
    ...related.map(({ relevance }) => relevance),
    ...categories.map(({ name }) => codeColumn(name)),
    ...(options.label === undefined ? [] : [options.label]),
    ...options.by,
    ...options.columns,
    ...(query ? [query.column] : []),
    ...(gallery ? [gallery.column] : []),
    ...(tune ? [tune.column] : []),
  ])
  const lost = needed.find(name => !columns.includes(name))
  if (lost !== undefined)
    throw badData(
      `${source}: there is no column '${lost}', only ${columns.join(', ') || 'embeddings'}`,
    )
  return { directions: related, sweeps, modalities, others: needed, query, gallery, tune }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]
