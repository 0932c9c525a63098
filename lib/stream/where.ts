import { badData, badUsage } from '../error.js'
import type { Batch } from './batch.js'
import type { StreamSchema } from './types.js'

/** Rows whose column has one of these values, written as text. */
export interface Where {
  column: string
  values: ReadonlySet<string>
}

/** Reads `COLUMN=VALUE[,VALUE]...`; `%2C` is a comma in a value, `%3D` an equals sign in a column. */
export const parseWhere = (text: string): Where => {
  const at = text.indexOf('=')
  if (at < 1) throw badUsage(`'${text}' selects no rows, expected COLUMN=VALUE[,VALUE]...`)
  const values = text.slice(at + 1).split(',')
  return { column: unescape(text.slice(0, at)), values: new Set(values.map(unescape)) }
}

/** Throws badData where the stream has no such column, or one whose values are no words. */
export const checkWhere = (wheres: readonly Where[], schema: StreamSchema): void => {
  const usable = schema.others.filter(({ type }) => COMPARABLE.includes(type))
  for (const { column } of wheres)
    if (!usable.some(({ name }) => name === column))
      throw badData(
        `no column '${column}' of text, integers or booleans to select rows by`,
        `there are: ${usable.map(({ name }) => name).join(', ')}`,
      )
}

/** The rows that satisfy every condition, in order; undefined where all do. */
export const filterRows = (batch: Batch, wheres: readonly Where[]): Int32Array | undefined => {
  if (wheres.length === 0) return undefined
  const tests = wheres.map(({ column, values }) => {
    const found = batch.other(column).values
    return (row: number) => found[row] !== null && values.has(String(found[row]))
  })
  const rows = new Int32Array(batch.rows)
  let count = 0
  for (let row = 0; row < batch.rows; row++) if (tests.every(test => test(row))) rows[count++] = row
  return count === batch.rows ? undefined : rows.subarray(0, count)
}

const COMPARABLE = ['text', 'integer', 'boolean']

const unescape = (text: string): string =>
  text.replace(/%(2C|3D|25)/gi, escaped => decodeURIComponent(escaped))
