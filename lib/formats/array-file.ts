import { badUsage } from '../error.js'
import { openArrowTable } from '../stream/cell-table.js'
import { openSource } from '../stream/source.js'
import type { FileArray } from './array.js'
import { openRange } from './byte-range.js'

const ENDINGS = {
  npy: 'npy',
  npz: 'npz',
  mat: 'mat',
  safetensors: 'safetensors',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
  idx: 'idx',
} as const

export type ArrayFormat = (typeof ENDINGS)[keyof typeof ENDINGS]

/** As MNIST's files are called: `train-images-idx3-ubyte.gz`, `train-images.idx3-ubyte`, `x.idx`. */
const IDX_NAME = /[.-]idx(\d+-ubyte)?(\.gz)?$/i

const formatOf = (path: string): ArrayFormat | undefined => {
  if (IDX_NAME.test(path)) return 'idx'
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending as keyof typeof ENDINGS] : undefined
}

/** Files that hold arrays, by their ending; of a table (`FILE::COLUMN`) each column is one. */
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
      `arrays come from files that end with ${Object.keys(ENDINGS).join(', ')}`,
    )
  }
  if (transpose && (format === 'parquet' || format === 'arrow'))
    throw badUsage(`${path}: a column of a table has its items in rows and cannot be transposed`)
  if ((format === 'npy' || format === 'idx') && selector !== undefined) {
    throw badUsage(
      `${path}::${selector}: a file of ${format} holds one array and takes no selector`,
    )
  }
  if (format === 'arrow') {
    const table = await openArrowTable(path, () => openSource(path))
    return (await import('./column-array.js')).openColumn(table, selector)
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
      case 'parquet': {
        const table = await (await import('./parquet/table.js')).openParquet(range)
        const array = await (await import('./column-array.js')).openColumn(table, selector)
        return { ...array, close: () => table.close() }
      }
      case 'idx':
        return await (await import('./idx.js')).openIdx(range, transpose)
      case 'npy':
        return await (await import('./npy.js')).openNpy(range, transpose)
    }
  } catch (error) {
    await range.close()
    throw error
  }
}
