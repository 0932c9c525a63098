import type { Batch } from '../stream/batch.js'
import type { InputSummary } from '../stream/closing.js'
import type { StreamSchema } from '../stream/types.js'

/** Rows on their way from one format to another, as a stream has them. */
export interface Rows {
  schema: StreamSchema
  /** May be called once. */
  batches(): AsyncIterable<Batch>
  /** What was read; known after the last batch. */
  summaries(): readonly InputSummary[]
  close(): Promise<void>
}

/** Writes rows in a format. */
export interface TableWriter {
  write(batch: Batch): Promise<void>
  /** Completes the output and finishes the sink. */
  finish(inputs: readonly InputSummary[]): Promise<void>
  /** Lets go of temporary files, whether it was finished or not. */
  close(): Promise<void>
}
