import { openReport, type ReportFormat } from '../../retrieve/report/report.js'
import type { MetricRecord } from '../../retrieve/report/record.js'
import { openSink } from '../../stream/sink.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import { createStream, type OutputStream } from '../../stream/write.js'
import type { Classified, Zeroshot } from '../zeroshot.js'
import { predictionBatch, predictionSchema } from './predictions.js'

/** Where a classification goes: the metrics, or the predictions and no metrics. */
export interface Output {
  /** Called once, before the batches. */
  start(work: Zeroshot, provenance: ProvenanceRecord[]): void
  batch(classified: Classified): Promise<void>
  finish(records: readonly MetricRecord[], table: () => string): Promise<void>
  abort(): Promise<void>
}

export interface OutputOptions {
  output: string
  format: ReportFormat
  predictions: boolean
  top: number
}

/** Opens `--output`; a terminal that is to get binary data is refused before anything is read. */
export const openOutput = (options: OutputOptions): Promise<Output> =>
  options.predictions ? openPredictions(options) : openMetrics(options)

const openMetrics = async ({ output, format }: OutputOptions): Promise<Output> => {
  const report = await openReport(output, format)
  let finish = async (_: () => string) => {}
  return {
    start(work, provenance) {
      finish = table => report.finish({ table, provenance, inputs: work.inputs() })
    },
    async batch() {},
    async finish(records, table) {
      for (const record of records) await report.add(record)
      await finish(table)
    },
    abort: () => report.abort(),
  }
}

const openPredictions = async ({ output, top }: OutputOptions): Promise<Output> => {
  const sink = await openSink(output, { binary: true })
  let opened: { stream: OutputStream; work: Zeroshot } | undefined
  return {
    start(work, provenance) {
      const modalities = work.plan.fields.map(({ name }) => name)
      const schema = predictionSchema(work.stream.schema, modalities, top, provenance)
      opened = { stream: createStream(sink, schema), work }
    },
    async batch(classified) {
      const { stream, work } = opened!
      await stream.write(predictionBatch(classified, work.space.prototypes.names, top))
    },
    async finish() {
      await opened!.stream.finish(opened!.work.inputs())
    },
    abort: () => sink.abort(),
  }
}
