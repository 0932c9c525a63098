import { badData, badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'
import type { Direction } from './direction.js'

/** `--positives [A+B:]COLUMN`: rows with equal values in the column are relevant to each other. */
export interface PositivesRule {
  /** The pair it is for, in either order; all pairs where there is none. */
  pair?: [string, string]
  column: string
}

/** Reads `[A+B:]COLUMN`. The columns are the stream's; a column's name is taken whole first. */
export const parsePositives = (text: string, columns: readonly string[]): PositivesRule => {
  if (columns.includes(text)) return { column: text }
  const match = /^([^:]*):(.*)$/.exec(text)
  const column = match ? match[2]! : text
  if (!columns.includes(column))
    throw badData(`--positives ${text}: there is no column '${column}'`, hint(columns))
  const pair = match![1]!.split('+')
  if (pair.length !== 2) throw badUsage(`--positives ${text}: expected [A+B:]COLUMN`)
  return { pair: pair as [string, string], column }
}

const hint = (columns: readonly string[]): string => `columns: ${columns.join(', ')}`

/** The column of a category modality's codes (DESIGN 3). */
export const codeColumn = (name: string): string => `${name}.code`

/**
 * The column whose equal values make two entries relevant to each other: what --positives says, a
 * rule for the pair before a rule for all; else the codes of a category that is a whole side, the
 * gallery's first; else `id`.
 */
export const relevanceColumn = (
  { query, gallery }: Direction,
  fields: readonly ModalityField[],
  rules: readonly PositivesRule[],
): string => {
  const names = [query, gallery].map(({ modalities }) => modalities.join('+'))
  const isMine = ({ pair }: PositivesRule) => pair && `${pair.toSorted()}` === `${names.toSorted()}`
  const rule = rules.findLast(isMine) ?? rules.findLast(({ pair }) => pair === undefined)
  if (rule) return rule.column
  const isCategory = (name: string) =>
    fields.some(field => field.name === name && field.kind === 'category')
  const category = names.findLast(isCategory)
  return category === undefined ? 'id' : codeColumn(category)
}
