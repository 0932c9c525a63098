import type { Manifest } from '../extract/manifests/manifest.js'
import { openManifest } from '../extract/manifests/open-manifest.js'
import { survey } from '../extract/survey.js'
import { chosenNames, type Choice } from './choose.js'
import { extractedRows } from './extracted-rows.js'
import type { Rows } from './table.js'

/**
 * A table that no pcm program wrote: CSV, TSV, JSON Lines, Parquet, Arrow. Columns `x_0`, `x_1`,
 * ... are a vector `x`; a list of numbers is a vector, a list of such lists is views; any other
 * column is carried along. Rows are named by a column `id`, else by their numbers.
 */
export const tableRows = async (path: string, choice: Choice): Promise<Rows> => {
  const manifest = await openManifest(path)
  try {
    const vectors = numberedColumns(manifest.columns)
    const members = new Set([...vectors.values()].flat())
    const single = manifest.columns.filter(name => !members.has(name))
    const chosen = chosenNames([...vectors.keys(), ...single], path, choice)
    const rest = single.filter(name => name !== 'id' && chosen.includes(name))
    const lists = await listColumns(manifest, rest)
    return extractedRows(path, {
      modalities: [
        ...[...vectors]
          .filter(([name]) => chosen.includes(name))
          .map(([name, columns]) => ({
            name,
            source: `${address(columns[0]!)}..${address(columns.at(-1)!)}`,
          })),
        ...lists.map(name => ({ name, source: address(name) })),
      ],
      columns: rest
        .filter(name => !lists.includes(name))
        .map(name => ({ name, source: address(name) })),
    })
  } finally {
    await manifest.close()
  }
}

/** `photo_0`, `photo_1`, ... side by side from 0 on, two at least, by the name before the number. */
export const numberedColumns = (columns: readonly string[]): Map<string, string[]> => {
  const groups = new Map<string, string[]>()
  for (let at = 0; at < columns.length;) {
    const name = /^(.+)_0$/.exec(columns[at]!)?.[1]
    let count = 0
    while (name !== undefined && columns[at + count] === `${name}_${count}`) count++
    if (count > 1 && !columns.includes(name!)) groups.set(name!, columns.slice(at, at + count))
    at += Math.max(count, 1)
  }
  return groups
}

const listColumns = async (manifest: Manifest, names: readonly string[]): Promise<string[]> => {
  const { lists } = manifest
  if (lists) return names.filter(name => lists.includes(name))
  if (!manifest.open) return []
  const { facts } = await survey(manifest, names, new Set())
  return names.filter(name => facts.get(name)!.lists)
}

/** A column's name within an address: what separates there is escaped. */
const address = (name: string): string =>
  name.replace(/[%,@+*:=.]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
