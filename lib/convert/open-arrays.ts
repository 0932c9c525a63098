import { basename } from 'node:path'
import { openArray } from '../formats/array-file.js'
import type { FileArray } from '../formats/array.js'
import { openRange } from '../formats/byte-range.js'
import { arrayNames } from '../formats/npz.js'
import { readSafetensors } from '../formats/safetensors.js'
import { chosenNames, type Choice } from './choose.js'
import { restoredRows } from './arrays/restore.js'
import { arrayRows } from './read-arrays.js'
import type { Rows } from './table.js'

/** Formats that hold arrays, each with a name but for the one of npy. */
export type ArrayFormat = 'npy' | 'npz' | 'safetensors'

/**
 * All arrays of a file as columns of a stream; the one of a .npy file is called as the file is.
 */
export const openArrays = async (
  path: string,
  format: ArrayFormat,
  choice: Choice,
): Promise<Rows> => (await restored(path, format)) ?? (await foreign(path, format, choice))

/** What pcm-convert wrote comes back as it was. */
const restored = async (path: string, format: ArrayFormat): Promise<Rows | undefined> => {
  if (format === 'npy') return undefined
  const range = await openRange(path)
  let rows: Rows | undefined
  try {
    const stored =
      format === 'npz'
        ? await (await import('./arrays/stored-npz.js')).storedNpz(range)
        : await (await import('./arrays/stored-safetensors.js')).storedSafetensors(range)
    rows = await restoredRows(stored)
    return rows
  } finally {
    if (!rows) await range.close()
  }
}

const foreign = async (path: string, format: ArrayFormat, choice: Choice): Promise<Rows> => {
  const arrays = new Map<string, FileArray>()
  try {
    const selectors = new Map(
      (await selectorsIn(path, format)).map(selector => [selector ?? nameOf(path), selector]),
    )
    for (const name of chosenNames([...selectors.keys()], path, choice)) {
      const selector = selectors.get(name)
      arrays.set(name, await openArray(path, { selector, transpose: false, format }))
    }
    return await arrayRows(path, arrays)
  } catch (error) {
    for (const array of arrays.values()) await array.close()
    throw error
  }
}

const selectorsIn = async (path: string, format: ArrayFormat): Promise<(string | undefined)[]> => {
  if (format === 'npy') return [undefined]
  const range = await openRange(path)
  try {
    if (format === 'npz') return await arrayNames(range)
    return (await readSafetensors(range)).tensors.map(({ name }) => name)
  } finally {
    await range.close()
  }
}

/** What comes through a pipe has no name of its own. */
const nameOf = (path: string): string =>
  path.startsWith('/dev/') ? 'array' : basename(path).replace(/\.[^.]*$/, '')
