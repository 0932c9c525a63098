import { csv } from '../../retrieve/report/csv.js'
import { openSink } from '../../stream/sink.js'
import type { Zeroshot } from '../zeroshot.js'

const COLUMNS = ['modality', 'low', 'high', 'items', 'confidence', 'accuracy']

/** Writes what was claimed and what was true, bin by bin, as CSV; empty where a bin holds nothing. */
export const writeReliability = async (path: string, { meters }: Zeroshot): Promise<void> => {
  const rows = [...meters].flatMap(([modality, { calibration }]) =>
    calibration!.result().bins.map(bin => ({ modality, ...bin })),
  )
  const sink = await openSink(path, { binary: false })
  await sink.write(Buffer.from(csv(COLUMNS, rows)))
  await sink.finish()
}
