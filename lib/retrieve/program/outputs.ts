import { badUsage } from '../../error.js'
import { evalTable } from '../report/eval-table.js'
import { openReport, type ReportFormat } from '../report/report.js'
import { writeQrels, writeRun } from '../trec.js'
import { together, type Output } from './output.js'

export interface OutputOptions {
  output: string
  format: ReportFormat
  run?: string
  writeQrels?: string
}

/** Opens all outputs that a command line asks for. */
export const openOutputs = async (options: OutputOptions): Promise<Required<Output>> =>
  together([await metrics(options), trec(options)])

/** The metrics themselves, on `--output`. */
const metrics = async ({ output, format }: OutputOptions): Promise<Output> => {
  const report = await openReport(output, format)
  return {
    add: record => report.add(record),
    finish: finding =>
      report.finish({
        ...finding,
        table: () => evalTable(finding.evaluations, finding, finding.settings),
      }),
    abort: () => report.abort(),
  }
}

/** A TREC run and qrels, each where it is asked for. */
const trec = ({ run, writeQrels: qrels }: OutputOptions): Output => ({
  begin({ directions }) {
    if ((run ?? qrels) !== undefined && directions.length !== 1)
      throw badUsage('--run and --write-qrels are of one direction', 'name it with --direction')
  },
  async visit(task) {
    if (run !== undefined) await writeRun(run, task)
    if (qrels !== undefined) await writeQrels(qrels, task)
  },
})
