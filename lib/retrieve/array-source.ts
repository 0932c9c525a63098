import { badData, badUsage } from '../error.js'
import type { NumericArray } from '../formats/array.js'
import { openArray } from '../formats/array-file.js'
import type { ModalityField, VectorColumn } from '../stream/types.js'
import type { EmbeddingSource } from './embedding-source.js'

/**
 * Embeddings from arrays, `NAME=FILE[::SELECTOR]` each: row i of every array is the item whose id
 * is i, counted from 0. Arrays may differ in length; an item lacks what comes after the end.
 */
export const arraySource = async (
  texts: readonly string[],
  { judged }: { judged: boolean },
): Promise<EmbeddingSource> => {
  const arrays = new Map<string, NumericArray>()
  for (const text of texts) {
    const [name, array] = await openNamed(text)
    if (arrays.has(name)) throw badUsage(`--vectors ${text}: '${name}' is given twice`)
    arrays.set(name, array)
  }
  const rows = Math.max(...[...arrays.values()].map(array => array.rows))
  const shorter = [...arrays.values()].find(array => array.rows < rows)
  if (shorter && !judged)
    throw badData(
      `${shorter.name}: found ${shorter.rows} rows, expected ${rows} as in another array`,
      'where rows are not the same items, --qrels says what belongs together',
    )
  const metadata = new Map<string, string>()
  return {
    name: [...arrays.values()].map(({ name }) => name).join(', '),
    schema: {
      content: 'embeddings',
      modalities: [...arrays].map(([name, { dim }]) => fieldOf(name, dim)),
      others: [{ name: 'id', type: 'text', nullable: false, metadata }],
      provenance: [],
      metadata,
    },
    async collect({ modalities }) {
      const columns: [string, VectorColumn][] = []
      for (const name of modalities) columns.push([name, await read(arrays.get(name)!, rows)])
      for (const array of arrays.values()) await array.close()
      const values = Array.from({ length: rows }, (_, row) => String(row))
      return {
        rows,
        modalities: Object.fromEntries(columns),
        others: { id: { layout: 'other', values } },
      }
    },
    summaries: () => [...arrays.values()].map(({ name, rows }) => ({ name, rows, digests: {} })),
  }
}

const openNamed = async (text: string): Promise<[string, NumericArray]> => {
  const match = /^([^=]+)=(.+?)(?:::(.+))?$/.exec(text)
  if (!match) throw badUsage(`--vectors ${text}: expected NAME=FILE`)
  const [, name, path, selector] = match as unknown as [string, string, string, string | undefined]
  const array = await openArray(path, { selector, transpose: false })
  if (array.kind === 'numeric') return [name, array]
  throw badData(`${array.name}: found text, expected vectors of numbers`)
}

const fieldOf = (name: string, dim: number): ModalityField => ({
  name,
  kind: 'vector',
  layout: 'vector',
  dim,
  float: 'float32',
  unit: false,
})

const read = async (array: NumericArray, rows: number): Promise<VectorColumn> => {
  const { dim, name } = array
  const values = new Float32Array(rows * dim)
  await array.read(0, values.subarray(0, array.rows * dim))
  const bad = values.findIndex(value => !Number.isFinite(value))
  if (bad >= 0)
    throw badData(
      `${name}: row ${Math.floor(bad / dim)}: value ${bad % dim} is ${values[bad]}, expected a number`,
    )
  const present = Uint8Array.from({ length: rows }, (_, row) => Number(row < array.rows))
  return { layout: 'vector', dim, values, present }
}
