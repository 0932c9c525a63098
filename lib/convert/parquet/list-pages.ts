import { isNull, type Cells } from '../../stream/arrow/cells.js'
import { RunLevels } from './run-levels.js'

/** A page of a list column as it is written: levels, and the values in PLAIN encoding. */
export interface ListPage {
  rows: number
  entries: number
  nulls: number
  repetition: Uint8Array
  definition: Uint8Array
  values: Uint8Array
}

/** Bytes of values after which a page ends, with the row. */
const PAGE_BYTES = 1 << 20

/** Cuts a column of lists without nulls inside into pages; values are copied around nulls only. */
export function* listPages(column: Cells, nullable: boolean): Generator<ListPage> {
  const walk = new Walk()
  let first = 0
  for (let row = 0; row < column.length; row++) {
    walk.slot(column, row, nullable, 0, 0, 0)
    if (walk.bytes < PAGE_BYTES && row + 1 < column.length) continue
    yield walk.page(row + 1 - first)
    first = row + 1
  }
}

class Walk {
  readonly #repetition = new RunLevels()
  readonly #definition = new RunLevels()
  #pieces: Uint8Array[] = []
  #leaf: Cells | undefined
  #from = 0
  #to = 0
  #entries = 0
  #nulls = 0
  bytes = 0

  /** @param lists how many lists are around the slot */
  slot(
    column: Cells,
    slot: number,
    nullable: boolean,
    repeated: number,
    defined: number,
    lists: number,
  ): void {
    if (isNull(column, slot)) return this.#nothing(repeated, defined)
    const here = defined + Number(nullable)
    const { form, offsets, children } = column
    if (form.kind !== 'list' && form.kind !== 'fixed-list')
      return this.#values(column, slot, 1, repeated, here, lists)
    const [child] = children as [Cells]
    const start = form.kind === 'list' ? offsets[slot]! : slot * form.size
    const end = form.kind === 'list' ? offsets[slot + 1]! : start + form.size
    if (start === end) return this.#nothing(repeated, here)
    if (child.form.kind !== 'list' && child.form.kind !== 'fixed-list')
      return this.#values(child, start, end - start, repeated, here + 1, lists + 1)
    for (let item = start; item < end; item++)
      this.slot(child, item, false, item === start ? repeated : lists + 1, here + 1, lists + 1)
  }

  page(rows: number): ListPage {
    this.#flush()
    const page = {
      rows,
      entries: this.#entries,
      nulls: this.#nulls,
      repetition: this.#repetition.take(),
      definition: this.#definition.take(),
      values: this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces),
    }
    this.#pieces = []
    this.#entries = this.#nulls = this.bytes = 0
    return page
  }

  /** A null or an empty list. */
  #nothing(repeated: number, defined: number): void {
    this.#repetition.push(repeated, 1)
    this.#definition.push(defined, 1)
    this.#entries++
    this.#nulls++
  }

  #values(
    leaf: Cells,
    start: number,
    count: number,
    repeated: number,
    defined: number,
    lists: number,
  ): void {
    this.#repetition.push(repeated, 1)
    if (count > 1) this.#repetition.push(lists, count - 1)
    this.#definition.push(defined, count)
    this.#entries += count
    // Neighbours are taken together.
    if (leaf !== this.#leaf || start !== this.#to) {
      this.#flush()
      this.#leaf = leaf
      this.#from = start
    }
    this.#to = start + count
    this.bytes += bytesIn(leaf, start, start + count)
  }

  #flush(): void {
    if (this.#leaf && this.#to > this.#from)
      this.#pieces.push(plain(this.#leaf, this.#from, this.#to))
    this.#leaf = undefined
  }
}

const bytesIn = ({ form, offsets }: Cells, start: number, end: number): number => {
  if (form.kind === 'fixed') return (end - start) * form.bytes
  return form.kind === 'bytes' ? offsets[end]! - offsets[start]! + 4 * (end - start) : end - start
}

/** Slots without nulls in PLAIN encoding. */
const plain = ({ form, data, offsets }: Cells, start: number, end: number): Uint8Array => {
  if (form.kind === 'fixed') return data.subarray(start * form.bytes, end * form.bytes)
  if (form.kind === 'bytes') {
    const out = Buffer.alloc(bytesIn({ form, offsets } as Cells, start, end))
    let at = 0
    for (let slot = start; slot < end; slot++) {
      at = out.writeUInt32LE(offsets[slot + 1]! - offsets[slot]!, at)
      out.set(data.subarray(offsets[slot], offsets[slot + 1]), at)
      at += offsets[slot + 1]! - offsets[slot]!
    }
    return out
  }
  throw new Error(`lists of ${form.kind}`)
}
