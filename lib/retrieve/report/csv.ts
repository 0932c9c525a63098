import type { FlatValue } from './flat.js'

/** Rows as CSV (RFC 4180, but lines end as Unix has them), with a header; null is an empty cell. */
export const csv = (
  columns: readonly string[],
  rows: readonly Record<string, FlatValue>[],
): string =>
  [columns, ...rows.map(row => columns.map(column => row[column] ?? null))].map(csvLine).join('')

/** Some cells as a line of CSV. */
export const csvLine = (cells: readonly FlatValue[]): string =>
  `${cells.map(cell => quoted(String(cell ?? ''))).join(',')}\n`

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
