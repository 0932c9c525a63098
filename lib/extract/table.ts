import type { ColumnPattern } from './address.js'
import { badUsage } from '../error.js'
import type { ManifestColumn } from './features/vector.js'
import type { Manifest } from './manifests/manifest.js'
import { noSuchColumn, resolveColumns } from './resolve.js'
import { survey, type Survey } from './survey.js'

/** A part of the command line that reads manifest columns. */
export interface Wanted {
  /** For messages: as it was written. */
  where: string
  columns: readonly ColumnPattern[]
  /** Collect the different values, for a vocabulary. */
  distinct: boolean
}

/** A manifest that has been read once: what is wanted of it, and what its columns hold. */
export interface Table {
  readonly manifest: Manifest
  readonly rows: number
  /** The wanted columns: the order of the cells in a row. */
  readonly columns: readonly string[]
  /** The manifest columns that a part of the command line means. */
  find(wanted: Wanted): ManifestColumn[]
}

export async function readTable(manifest: Manifest, wanted: readonly Wanted[]): Promise<Table> {
  const names = new Map(
    wanted.map(part => [part, resolveColumns(part.columns, manifest, part.where)]),
  )
  const columns = [...new Set([...names.values()].flat())]
  const distinct = new Set(wanted.filter(part => part.distinct).flatMap(part => names.get(part)!))
  const read: Survey = await survey(manifest, columns, distinct)
  for (const [part, parts] of names) {
    // A column that only later rows may have, and none has, is a misspelt one.
    const absent = parts.find(
      name => !manifest.columns.includes(name) && read.facts.get(name)!.present === 0,
    )
    if (absent !== undefined) {
      throw noSuchColumn(absent, manifest.columns, manifest.name, part.where)
    }
  }
  return {
    manifest,
    rows: read.rows,
    columns,
    find: part =>
      names
        .get(part)!
        .map(name => ({ name, at: columns.indexOf(name), facts: read.facts.get(name)! })),
  }
}

/** The only column of a source that must be one. */
export function onlyColumn(columns: readonly ManifestColumn[], where: string): ManifestColumn {
  const [first, second] = columns
  if (second) {
    throw badUsage(`${where}: means ${columns.length} columns, expected one`)
  }
  return first!
}
