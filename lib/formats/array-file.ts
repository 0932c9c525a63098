import { badUsage } from '../error.js'
import type { FileArray } from './array.js'
import { openRange } from './byte-range.js'

export const ARRAY_FORMATS = ['npy', 'npz', 'mat', 'safetensors'] as const
export type ArrayFormat = (typeof ARRAY_FORMATS)[number]

const formatOf = (path: string): ArrayFormat | undefined => {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase()
  return ARRAY_FORMATS.find(format => format === ending)
}

/** Files that hold arrays, by their ending. */
export const isArrayFile = (path: string): boolean => formatOf(path) !== undefined

/**
 * Opens an array as items x features: `selector` names one of several in the file, `transpose` says
 * that the file holds features x items. Throws bad data (65) that names file and array.
 */
export async function openArray(
  path: string,
  {
    selector,
    transpose,
    format = formatOf(path),
  }: { selector?: string; transpose: boolean; format?: ArrayFormat },
): Promise<FileArray> {
  if (!format) {
    throw badUsage(
      `${path}: not an array file`,
      `arrays come from files that end with ${ARRAY_FORMATS.join(', ')}`,
    )
  }
  if (format === 'npy' && selector !== undefined) {
    throw badUsage(`${path}::${selector}: a .npy file holds one array and takes no selector`)
  }
  const range = await openRange(path)
  try {
    switch (format) {
      case 'mat':
        return await (await import('./mat.js')).openMat(range, selector, transpose)
      case 'npz':
        return await (await import('./npz.js')).openNpz(range, selector, transpose)
      case 'safetensors':
        return await (await import('./safetensors.js')).openSafetensors(range, selector, transpose)
      case 'npy':
        return await (await import('./npy.js')).openNpy(range, transpose)
    }
  } catch (error) {
    await range.close()
    throw error
  }
}
