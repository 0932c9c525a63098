import { openExtraction, type ExtractedBatch, type Request } from '../../lib/extract/extract.js'

/** Everything of an extraction at once; `size` rows a batch. */
export async function collect(
  input: string,
  modalities: readonly string[],
  more: Partial<Request> & { size?: number } = {},
) {
  const extraction = await openExtraction({
    input,
    modalities,
    columns: [],
    id: undefined,
    split: undefined,
    where: [],
    seed: 0,
    threads: 1,
    ...more,
  })
  try {
    const batches: ExtractedBatch[] = []
    for await (const batch of extraction.batches(more.size ?? 1000)) batches.push(batch)
    const { modalities, others } = batches[0]!
    const values = (name: string) => batches.flatMap(batch => batch.others[name]!.values)
    return { ...extraction, batches, first: { ...modalities, ...others }, values }
  } finally {
    await extraction.close()
  }
}
