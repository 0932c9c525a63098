import { nearest } from '../nearest.js'
import { badData, badUsage } from '../error.js'
import type { ColumnPattern } from './address.js'
import type { Manifest } from './manifests/manifest.js'

/** The columns that patterns mean, in the order written; ranges and globs in manifest order. */
export function resolveColumns(
  patterns: readonly ColumnPattern[],
  manifest: Manifest,
  where: string,
): string[] {
  const columns = patterns.flatMap(pattern => resolvePattern(pattern, manifest, where))
  const twice = columns.find((column, at) => columns.indexOf(column) !== at)
  if (twice !== undefined) throw badUsage(`${where}: column '${twice}' is named twice`)
  return columns
}

function resolvePattern(pattern: ColumnPattern, manifest: Manifest, where: string): string[] {
  const { columns } = manifest
  if (pattern.type === 'name') {
    // In JSON Lines a later row may have it; reading the whole will tell.
    if (!manifest.open && !columns.includes(pattern.name)) {
      throw noSuchColumn(pattern.name, columns, manifest.name, where)
    }
    return [pattern.name]
  }
  if (pattern.type === 'glob') {
    const parts = pattern.glob.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    const glob = new RegExp(`^${parts.join('[^]*')}$`)
    const found = columns.filter(column => glob.test(column))
    if (found.length > 0) return found
    throw badData(
      `${manifest.name}: ${where}: no column like '${pattern.glob}'`,
      columnsHint(columns),
    )
  }
  const [first, last] = [pattern.first, pattern.last].map(name => {
    const place = columns.indexOf(name)
    if (place < 0) throw noSuchColumn(name, columns, manifest.name, where)
    return place
  }) as [number, number]
  if (first > last) {
    throw badUsage(`${where}: column '${pattern.first}' comes after '${pattern.last}'`)
  }
  return columns.slice(first, last + 1)
}

export const noSuchColumn = (
  name: string,
  columns: readonly string[],
  manifest: string,
  where: string,
) => {
  const near = nearest(name, columns)
  return badData(
    `${manifest}: ${where}: no column '${name}'`,
    near === undefined ? columnsHint(columns) : `did you mean '${near}'?`,
  )
}

const columnsHint = (columns: readonly string[]): string => {
  const shown = columns.slice(0, 12).join(', ')
  return `columns: ${shown}${columns.length > 12 ? ` and ${columns.length - 12} more` : ''}`
}
