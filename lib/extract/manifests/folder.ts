import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { badData } from '../../error.js'
import { inputError } from '../../formats/byte-range.js'
import type { TableRow } from '../../formats/table.js'
import type { Manifest } from './manifest.js'

const COLUMNS = ['path', 'class', 'split']

/**
 * The files below a directory, or those of them that match a pattern, as items. `path` is relative
 * to the directory, or to the part of the pattern before its first wildcard; `class` is the name of
 * the folder the file lies in, `split` that of the first folder where there are two or more.
 * Hidden files and folders are left out, links to folders are not followed.
 */
export async function openFolder(input: string): Promise<Manifest> {
  const { directory, matches } = await selectionOf(input)
  return {
    name: input,
    directory,
    columns: COLUMNS,
    open: false,
    idColumn: 'path',
    async *rows(wanted) {
      let any = false
      for await (const path of filesBelow(directory, '')) {
        if (!matches(path)) continue
        any = true
        yield rowOf(path, wanted)
      }
      if (!any) throw badData(`${input}: no files there`, 'hidden files are left out')
    },
    fingerprint: async () => {
      let [crc, files] = [0, 0]
      for await (const path of filesBelow(directory, '')) {
        if (!matches(path)) continue
        const found = await stat(join(directory, path)).catch(() => undefined)
        crc = crc32(`${path}\0${found?.size}\0${found?.mtimeMs}\0`, crc)
        files++
      }
      return `${files} files, CRC-32 ${crc.toString(16)}`
    },
    close: async () => {},
  }
}

const rowOf = (path: string, wanted: readonly string[]): TableRow => {
  const folders = path.split('/').slice(0, -1)
  const values: Record<string, string | null> = {
    path,
    class: folders.at(-1) ?? null,
    split: folders.length > 1 ? folders[0]! : null,
  }
  return { line: 0, cells: wanted.map(column => values[column] ?? null) }
}

/** Where to look, and what to take there. */
async function selectionOf(
  input: string,
): Promise<{ directory: string; matches: (path: string) => boolean }> {
  const isDirectory = await stat(input).then(
    found => found.isDirectory(),
    () => false,
  )
  if (isDirectory) return { directory: input, matches: () => true }
  const { default: picomatch } = await import('picomatch')
  const { base, glob } = picomatch.scan(input)
  return { directory: base === '' ? '.' : base, matches: picomatch(glob) }
}

/**
 * Paths in order: the entries of a folder by code unit, each folder where its name stands. Memory
 * grows with the largest folder, not with the number of files.
 */
async function* filesBelow(directory: string, folder: string): AsyncGenerator<string> {
  const place = join(directory, folder)
  const entries = await readdir(place, { withFileTypes: true }).catch(error => {
    throw inputError(place, error)
  })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesBelow(directory, path)
    else if (entry.isFile()) yield path
    else if (entry.isSymbolicLink() && (await isFile(join(directory, path)))) yield path
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isFile(),
    // A link to nothing is an item that cannot be read, not one that is not there.
    () => true,
  )
