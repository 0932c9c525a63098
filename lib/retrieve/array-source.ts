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

/** Numbers that are read and looked at together, while the processor has them at hand. */
const PART = 1 << 18

const read = async (array: NumericArray, rows: number): Promise<VectorColumn> => {
  const { dim } = array
  const values = new Float32Array(rows * dim)
  const step = Math.max(1, Math.floor(PART / dim))
  for (let first = 0; first < array.rows; first += step) {
    const end = Math.min(array.rows, first + step)
    const part = values.subarray(first * dim, end * dim)
    await array.read(first, part)
    checkFinite(array, part, first)
  }
  const present = new Uint8Array(rows).fill(1, 0, array.rows)
  return { layout: 'vector', dim, values, present }
}

const checkFinite = ({ name, dim }: NumericArray, part: Float32Array, first: number): void => {
  // Zero times anything else than a number is none, and stays so in the sum.
  let sum = 0
  for (let i = 0; i < part.length; i++) sum += part[i]! * 0
  if (sum === 0) return
  const bad = part.findIndex(value => !Number.isFinite(value))
  throw badData(
    `${name}: row ${first + Math.floor(bad / dim)}: value ${bad % dim} is ${part[bad]}, expected a number`,
  )
}
