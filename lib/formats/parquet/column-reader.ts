import type { ColumnChunk } from 'hyparquet'
import { badData, PcmError } from '../../error.js'
import { concat } from '../../stream/arrow/concat.js'
import { emptyCells, type Cells } from '../../stream/arrow/cells.js'
import { gather } from '../../stream/arrow/gather.js'
import type { ByteRange } from '../byte-range.js'
import { assemble } from './assemble.js'
import type { Leaf, ParquetColumn } from './columns.js'
import type { PageValues } from './page-values.js'
import { pagesOf, type Page } from './pages.js'

/**
 * Hands out the rows of one column in one row group, as many as are asked for, holding only the
 * pages that they lie in. Bad data are reported with file and column.
 */
export class ColumnReader {
  readonly #where: string
  readonly #leaf: Leaf
  readonly #pages: AsyncGenerator<Page, void>
  #waiting: Cells | undefined
  /** Entries of a row that may go on in the next page. */
  #rest: Page | undefined
  #ended = false

  constructor(
    range: ByteRange,
    chunk: ColumnChunk,
    { name, leaf }: ParquetColumn & { leaf: Leaf },
  ) {
    this.#where = `${range.name}: column '${name}'`
    this.#leaf = leaf
    this.#pages = pagesOf(range, chunk, leaf)
  }

  async take(rows: number): Promise<Cells> {
    try {
      const parts: Cells[] = []
      let found = 0
      while (found < rows) {
        const column = this.#waiting ?? (await this.#next())
        if (!column) throw new Error(`${rows - found} rows fewer than its row group has`)
        const wanted = Math.min(rows - found, column.length)
        parts.push(cut(column, 0, wanted))
        this.#waiting = wanted < column.length ? cut(column, wanted, column.length) : undefined
        found += wanted
      }
      if (parts.length === 0) return emptyCells(assemble(NO_ENTRIES, this.#leaf).form)
      return concat(parts[0]!.form, parts)
    } catch (error) {
      if (error instanceof PcmError) throw error
      const said = error instanceof Error ? error.message : String(error)
      throw badData(`${this.#where}: damaged: ${said}`, undefined, error)
    }
  }

  /** The rows that end in the next page. */
  async #next(): Promise<Cells | undefined> {
    while (!this.#ended) {
      const { value: page, done } = await this.#pages.next()
      this.#ended = done === true
      const all = page ? (this.#rest ? joined(this.#rest, page, this.#leaf) : page) : this.#rest
      this.#rest = undefined
      if (!all) continue
      if (!all.repetition) return assemble(all, this.#leaf)
      if (all.repetition[0] !== 0) throw new Error('it begins within a row')
      const last = this.#ended ? all.entries : all.repetition.lastIndexOf(0)
      if (last < all.entries) this.#rest = part(all, last, all.entries, this.#leaf)
      if (last > 0)
        return assemble(last < all.entries ? part(all, 0, last, this.#leaf) : all, this.#leaf)
    }
    return undefined
  }
}

const NO_ENTRIES: Page = {
  entries: 0,
  definition: undefined,
  repetition: new Uint8Array(0),
  values: { kind: 'fixed', width: 1, bytes: new Uint8Array(0) },
}

const cut = (column: Cells, start: number, end: number): Cells =>
  start === 0 && end === column.length ? column : gather(column, [{ start, count: end - start }])

/** Entries `start` .. `end`-1 of a page with their values. */
const part = (page: Page, start: number, end: number, leaf: Leaf): Page => {
  const definition = page.definition?.subarray(start, end)
  const before = valuesIn(page, 0, start, leaf)
  const count = valuesIn(page, start, end, leaf)
  return {
    entries: end - start,
    definition,
    repetition: page.repetition?.subarray(start, end),
    values: cutValues(page.values, before, before + count),
  }
}

const valuesIn = ({ definition }: Page, start: number, end: number, { steps }: Leaf): number => {
  if (!definition) return end - start
  let count = 0
  for (let i = start; i < end; i++) if (definition[i] === steps.length) count++
  return count
}

const cutValues = (values: PageValues, start: number, end: number): PageValues =>
  values.kind === 'pieces'
    ? { kind: 'pieces', pieces: values.pieces.slice(start, end) }
    : { ...values, bytes: values.bytes.subarray(start * values.width, end * values.width) }

const joined = (first: Page, second: Page, { steps }: Leaf): Page => {
  const all = (page: Page) => page.definition ?? new Uint8Array(page.entries).fill(steps.length)
  return {
    entries: first.entries + second.entries,
    definition: first.definition || second.definition ? bytes(all(first), all(second)) : undefined,
    repetition: bytes(first.repetition!, second.repetition!),
    values: joinedValues(first.values, second.values),
  }
}

const joinedValues = (first: PageValues, second: PageValues): PageValues => {
  if (first.kind === 'pieces' && second.kind === 'pieces')
    return { kind: 'pieces', pieces: [...first.pieces, ...second.pieces] }
  if (first.kind === 'fixed' && second.kind === 'fixed')
    return { ...second, bytes: bytes(first.bytes, second.bytes) }
  throw new Error('pages of different values')
}

const bytes = (a: Uint8Array, b: Uint8Array): Uint8Array => Buffer.concat([a, b])
