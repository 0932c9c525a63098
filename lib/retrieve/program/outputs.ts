import { badUsage } from '../../error.js'
import { evalTable } from '../report/eval-table.js'
import { openReport, type ReportFormat } from '../report/report.js'
import { writeQrels, writeRun } from '../trec.js'
import { ranksOutput } from '../ranks/ranks-output.js'
import type { ExampleOptions } from './examples-output.js'
import { together, type Output, type Together } from './output.js'
import { reportOutput, type ReportOptions } from './report-output.js'

export interface OutputOptions extends ReportOptions, ExampleOptions {
  output: string
  format: ReportFormat | 'ranks'
  by: readonly string[]
  run?: string
  writeQrels?: string
}

/** Opens all outputs that a command line asks for. */
export const openOutputs = async (options: OutputOptions): Promise<Together> => {
  const { output, format, by } = options
  const main = format === 'ranks' ? ranksOutput(output, by) : metrics(output, format)
  return together([await main, trec(options), await reportOutput(options), await examples(options)])
}

/** The metrics themselves, on `--output`. */
const metrics = async (output: string, format: ReportFormat): Promise<Output> => {
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

/** A page of queries with what they found. */
const examples = async (options: ExampleOptions): Promise<Output> => {
  if (options.examples === undefined && options.show.length === 0) return {}
  const { examplesOutput } = await import('./examples-output.js')
  return examplesOutput(options)
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
