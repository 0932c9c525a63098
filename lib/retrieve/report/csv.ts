import type { FlatValue } from './flat.js'

/** Rows as CSV (RFC 4180, but lines end as Unix has them), with a header; null is an empty cell. */
export const csv = (
  columns: readonly string[],
  rows: readonly Record<string, FlatValue>[],
): string => {
  const lines = rows.map(row => columns.map(column => String(row[column] ?? '')))
  return [columns, ...lines].map(cells => `${cells.map(quoted).join(',')}\n`).join('')
}

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
