import { badData } from '../error.js'
import { gather } from '../stream/arrow/gather.js'
import { isNull, type Cells } from '../stream/arrow/cells.js'
import type { CellTable } from '../stream/cell-table.js'
import { typeText, type ColumnType } from '../stream/column-type.js'
import { decodeHalves } from '../stream/float16.js'
import { named } from '../stream/named.js'
import { viewAs, type NumberFormat } from '../stream/number-format.js'
import { valueReader } from '../stream/values.js'
import { noSuchArray, severalArrays, type FileArray, type Listed } from './array.js'

/**
 * One column of a table as an array: lists of numbers of one length are rows x numbers, numbers and
 * texts one value a row. Without a selector, the only column of vectors.
 */
export const openColumn = async (
  table: CellTable,
  selector: string | undefined,
): Promise<FileArray> => {
  const column = choose(table, selector)
  const name = `${table.name}::${column.name}`
  if (column.type.is === 'text') return textArray(table, column.name, name)
  const format = formatOf(column.type)
  if (!format)
    throw badData(
      `${name}: is ${typeText(column.type)}, expected texts, numbers or lists of numbers`,
    )
  const { rows, dim } = await measure(table, column.name, column.type, name)
  const cursor = new Cursor(table, column.name)
  const isList = column.type.is !== 'number'
  return {
    kind: 'numeric',
    name,
    shape: isList ? [rows, dim] : [rows],
    rows,
    dim,
    async read(first, into) {
      for (let filled = 0; filled < into.length;) {
        const row = first + filled / dim
        const { cells, start } = await cursor.at(row)
        const count = Math.min(start + cells.length - row, (into.length - filled) / dim)
        const part = gather(cells, [{ start: row - start, count }])
        into.set(numbersIn(part, format, dim, name, row), filled)
        filled += count * dim
      }
    },
    close: () => cursor.close(),
  }
}

const choose = (table: CellTable, selector: string | undefined) => {
  const listed = (): Listed[] =>
    table.columns.map(({ name, type }) => ({ selector: name, describe: typeText(type) }))
  const vectors = table.columns.filter(({ type }) => type.is !== 'number' && formatOf(type))
  const found =
    selector === undefined
      ? vectors.length === 1 && vectors[0]
      : table.columns.find(({ name }) => name === selector)
  if (found) return found
  throw selector === undefined
    ? severalArrays(table.name, listed())
    : noSuchArray(table.name, selector, listed())
}

/** The numbers in a column of them, or of lists of them. */
const formatOf = (type: ColumnType): NumberFormat | undefined => {
  if (type.is === 'number') return type.format
  const isList = type.is === 'list' || type.is === 'vector'
  return isList && type.item.is === 'number' ? type.item.format : undefined
}

/** How many rows, and numbers in the first of them that has any; reads once through the column. */
const measure = async (
  table: CellTable,
  column: string,
  type: ColumnType,
  name: string,
): Promise<{ rows: number; dim: number }> => {
  let dim = type.is === 'number' ? 1 : type.is === 'vector' ? type.size : 0
  let rows = 0
  for await (const batch of table.batches([column])) {
    const [cells] = batch.cells as [Cells]
    if (dim === 0 && type.is === 'list' && cells.length > 0) dim = cells.offsets[1]!
    rows += batch.rows
  }
  if (rows > 0 && dim === 0) throw badData(`${name}: row 0 has no numbers`)
  return { rows, dim }
}

/** The batch of a column that has a row; rows asked for in order are read once. */
class Cursor {
  readonly #table: CellTable
  readonly #column: string
  #batches: AsyncGenerator<{ rows: number; cells: Cells[] }, void> | undefined
  #start = 0
  #cells: Cells | undefined

  constructor(table: CellTable, column: string) {
    this.#table = table
    this.#column = column
  }

  async at(row: number): Promise<{ cells: Cells; start: number }> {
    if (!this.#batches || row < this.#start) {
      await this.close()
      this.#batches = this.#table.batches([this.#column])
      this.#start = 0
    }
    while (!this.#cells || row >= this.#start + this.#cells.length) {
      this.#start += this.#cells?.length ?? 0
      const { value, done } = await this.#batches.next()
      if (done) throw badData(`${this.#table.name}: became shorter while it was read`)
      this.#cells = value.cells[0]!
    }
    return { cells: this.#cells, start: this.#start }
  }

  async close(): Promise<void> {
    await this.#batches?.return()
    this.#batches = undefined
    this.#cells = undefined
  }
}

/** Row-major; throws where a row has no value or another length. */
const numbersIn = (
  column: Cells,
  format: NumberFormat,
  dim: number,
  name: string,
  firstRow: number,
): Float32Array | Float64Array => {
  for (let slot = 0; slot < column.length; slot++) {
    if (isNull(column, slot))
      throw badData(
        `${name}: row ${firstRow + slot} has no value`,
        'name the file as the manifest of pcm-extract, where a modality may be missing',
      )
    const { form, offsets } = column
    const found = form.kind === 'list' ? offsets[slot + 1]! - offsets[slot]! : dim
    if (found !== dim)
      throw badData(`${name}: row ${firstRow + slot} has ${found} numbers, expected ${dim}`)
  }
  const leaf = column.children[0] ?? column
  if (leaf.nulls > 0) throw badData(`${name}: a number of row ${firstRow} or after it is null`)
  if (format === 'float16') return decodeHalves(viewAs('float16', leaf.data))
  const numbers = viewAs(format, leaf.data)
  return numbers instanceof Float32Array || numbers instanceof Float64Array
    ? numbers
    : Float64Array.from(numbers as ArrayLike<number | bigint>, Number)
}

const textArray = async (table: CellTable, column: string, name: string): Promise<FileArray> => {
  const texts: string[] = []
  for await (const { rows, cells } of table.batches([column])) {
    const read = valueReader(cells[0]!, { is: 'text' })
    for (let slot = 0; slot < rows; slot++) {
      const text = named(name, () => read(slot))
      if (text === null) throw badData(`${name}: row ${texts.length} has no value`)
      texts.push(text as string)
    }
  }
  const rows = texts.length
  return { kind: 'text', name, shape: [rows], rows, texts, close: async () => {} }
}
