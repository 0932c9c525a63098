import { badUsage } from '../error.js'
import type { FileArray } from './array.js'
import { openRange } from './byte-range.js'

/** Files that hold arrays, by their ending. */
export const isArrayFile = (path: string): boolean => /\.(npy|npz|mat)$/i.test(path)

/**
 * Opens an array as items x features: `selector` names one of several in the file, `transpose` says
 * that the file holds features x items. Throws bad data (65) that names file and array.
 */
export async function openArray(
  path: string,
  { selector, transpose }: { selector?: string; transpose: boolean },
): Promise<FileArray> {
  const ending = /\.(npy|npz|mat)$/i.exec(path)?.[1]?.toLowerCase()
  if (!ending) {
    throw badUsage(`${path}: not an array file`, 'arrays come from .npy, .npz and .mat files')
  }
  if (ending === 'npy' && selector !== undefined) {
    throw badUsage(`${path}::${selector}: a .npy file holds one array and takes no selector`)
  }
  const range = await openRange(path)
  try {
    if (ending === 'mat')
      return await (await import('./mat.js')).openMat(range, selector, transpose)
    if (ending === 'npz')
      return await (await import('./npz.js')).openNpz(range, selector, transpose)
    return await (await import('./npy.js')).openNpy(range, transpose)
  } catch (error) {
    await range.close()
    throw error
  }
}
