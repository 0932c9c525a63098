import { openExtraction } from '../extract/extract.js'
import { batchMaker } from '../stream/made-batch.js'
import { rowsPerBatch } from '../stream/rows-per-batch.js'
import type { StreamSchema } from '../stream/types.js'
import type { Rows } from './table.js'

/** A part of an input by its address in the manner of pcm-extract, and what it is called. */
export interface Part {
  name: string
  source: string
}

/** Vectors and other columns of a manifest or of arrays, read as pcm-extract reads them. */
export const extractedRows = async (
  input: string,
  { modalities, columns }: { modalities: readonly Part[]; columns: readonly Part[] },
): Promise<Rows> => {
  const extraction = await openExtraction({
    input,
    modalities: modalities.map(({ name, source }) => `${name}=vector:${source}`),
    columns: columns.map(({ name, source }) => `${name}=${source}`),
    id: undefined,
    split: undefined,
    where: [],
    seed: 0,
    threads: 1,
  })
  const schema: StreamSchema = {
    content: 'features',
    modalities: extraction.modalities,
    others: extraction.others,
    provenance: [],
    metadata: new Map(),
  }
  const make = await batchMaker(schema, input)
  return {
    schema,
    async *batches() {
      let rows = 0
      for await (const batch of extraction.batches(rowsPerBatch(schema))) {
        yield make(batch, rows)
        rows += batch.rows
      }
    },
    summaries: () => [],
    close: () => extraction.close(),
  }
}
