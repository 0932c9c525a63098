import { Batch } from './batch.js'

/**
 * The rows of a stream in batches of equal size, the last apart, however they came: then what is
 * computed and written batch by batch is the same to the byte. Batches of that size pass as they
 * are; others are cut and put together, which copies them.
 */
export async function* rebatch(
  batches: AsyncIterable<Batch>,
  rows: number,
): AsyncGenerator<Batch, void> {
  let waiting: Batch[] = []
  let held = 0
  for await (const batch of batches)
    for (const piece of cut(batch, rows, held)) {
      waiting.push(piece)
      held += piece.rows
      if (held < rows) continue
      yield Batch.joined(waiting)
      waiting = []
      held = 0
    }
  if (held > 0) yield Batch.joined(waiting)
}

/** Pieces of a batch of which the first fills up what is held already. */
function* cut(batch: Batch, rows: number, held: number): Generator<Batch> {
  if (held === 0 && batch.rows <= rows) return yield batch
  for (let from = 0; from < batch.rows;) {
    const count = Math.min(batch.rows - from, rows - (from === 0 ? held : 0))
    const start = from
    const slots = Int32Array.from({ length: count }, (_, i) => start + i)
    yield batch.select(slots, batch.firstRow + from)
    from += count
  }
}
