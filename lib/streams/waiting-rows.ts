import { badData } from '../error.js'
import type { Batch } from '../stream/batch.js'
import type { InputStream } from '../stream/read.js'
import { bytesInBatch, stackRows, type HeldRow } from '../stream/stack.js'

/** What a row costs beside its values: its id, its place. */
const BYTES_A_ROW = 128

/** A batch of which some rows wait. */
interface Held {
  batch: Batch
  bytes: number
  waiting: number
}

interface Place {
  held: Held
  row: number
  /** Counts the rows of the stream. */
  order: number
}

/**
 * The rows of one stream that have been read and not been asked for yet, by their ids. Of rows with
 * equal ids the first is taken first.
 */
export class WaitingRows {
  readonly #batches: AsyncIterator<Batch>
  readonly #places = new Map<string, Place[]>()
  #ended = false
  #bytes = 0
  #read = 0

  /** @param limit bytes of rows that may wait; half as much again is used to sort them out */
  constructor(
    readonly stream: InputStream,
    private readonly limit: number,
  ) {
    this.#batches = stream[Symbol.asyncIterator]()
  }

  /** The next row with this id, read on for as long as need be; undefined where there is none. */
  async take(id: string): Promise<HeldRow | undefined> {
    while (!this.#places.has(id) && !this.#ended) await this.#readOn()
    const places = this.#places.get(id)
    const place = places?.shift()
    if (!place) return undefined
    if (places!.length === 0) this.#places.delete(id)
    const { held, row } = place
    if (--held.waiting === 0) this.#bytes -= held.bytes
    return { batch: held.batch, row }
  }

  /** The ids of the rows that nobody asked for, in the order of the stream; reads it to its end. */
  async rest(): Promise<string[]> {
    while (!this.#ended) await this.#readOn()
    return [...this.#places]
      .flatMap(([id, places]) => places.map(({ order }) => ({ id, order })))
      .sort((a, b) => a.order - b.order)
      .map(({ id }) => id)
  }

  async #readOn(): Promise<void> {
    const { value: batch, done } = await this.#batches.next()
    if (done) {
      this.#ended = true
      return
    }
    const ids = batch.other('id').values as string[]
    const order = this.#read
    this.#read += batch.rows
    this.#hold(
      batch,
      ids.map((id, row) => ({ id, row, order: order + row })),
    )
    if (this.#bytes <= 1.5 * this.limit) return
    this.#compact()
    // With less than that to spare, rows would be sorted out at every batch.
    if (this.#bytes <= this.limit) return
    throw badData(
      `${this.stream.name}: more rows wait for their ids than --memory allows: ${this.#places.size} after row ${this.#read}`,
      'its ids come in another order than those of the first stream, or the first lacks many: name it first, or raise --memory',
    )
  }

  #hold(batch: Batch, rows: readonly { id: string; row: number; order: number }[]): void {
    const bytes = bytesInBatch(batch) + BYTES_A_ROW * batch.rows
    const held = { batch, bytes, waiting: rows.length }
    this.#bytes += bytes
    for (const { id, row, order } of rows) {
      const places = this.#places.get(id)
      if (places) places.push({ held, row, order })
      else this.#places.set(id, [{ held, row, order }])
    }
  }

  /** Keeps only the rows that wait, not the whole batches they came in. */
  #compact(): void {
    const waiting = [...this.#places]
      .flatMap(([id, places]) => places.map(place => ({ id, ...place })))
      .sort((a, b) => a.order - b.order)
    this.#places.clear()
    this.#bytes = 0
    const rows = waiting.map(({ held, row }) => ({ batch: held.batch, row }))
    const batch = stackRows(this.stream.nothing(), rows)
    this.#hold(
      batch,
      waiting.map(({ id, order }, row) => ({ id, row, order })),
    )
  }
}
