import type { Batch } from '../stream/batch.js'
import type { InputSummary } from '../stream/closing.js'
import type { OutputStream } from '../stream/write.js'

/** What a program that puts streams together has to write. */
export interface Rows {
  batches(): AsyncIterable<Batch>
  /** What was read, known after the last batch. */
  summaries(): readonly InputSummary[]
}

/**
 * Writes all rows untouched and finishes the stream, or aborts it when anything fails. `progress`
 * hears the number of rows after each batch; returns the number of all.
 */
export async function writeRows(
  output: OutputStream,
  { batches, summaries }: Rows,
  progress: { update(done: number): void; stop(): void },
): Promise<number> {
  let rows = 0
  try {
    for await (const batch of batches()) {
      await output.write({ rows: batch.rows, from: batch })
      progress.update((rows += batch.rows))
    }
    await output.finish(summaries())
  } catch (error) {
    await output.abort()
    throw error
  } finally {
    progress.stop()
  }
  return rows
}
