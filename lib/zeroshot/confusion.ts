import { csv } from '../retrieve/report/csv.js'
import { openSink } from '../stream/sink.js'
import type { Zeroshot } from './zeroshot.js'

/** Writes who was taken for whom as CSV: modality, label, predicted, count; no line for a count of 0. */
export const writeConfusion = async (
  path: string,
  { counters, prototypes }: Zeroshot,
): Promise<void> => {
  const sink = await openSink(path, { binary: false })
  const name = (index: number) => prototypes.names[index]!
  const rows = [...counters].flatMap(([modality, counter]) =>
    counter.confusion().map(({ label, predicted, count }) => ({
      modality,
      label: name(label),
      predicted: name(predicted),
      count,
    })),
  )
  await sink.write(Buffer.from(csv(['modality', 'label', 'predicted', 'count'], rows)))
  await sink.finish()
}
