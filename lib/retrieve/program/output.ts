import type { InputSummary } from '../../stream/read.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import type { DirectionTask } from '../direction-task.js'
import type { Embeddings } from '../embeddings.js'
import type { Evaluated } from '../evaluation.js'
import type { MetricRecord, Settings } from '../report/record.js'

/** Everything that was found out, when all directions have been evaluated. */
export interface Finding {
  evaluations: readonly Evaluated[]
  /** The records of every direction, then `mean` and `pairs`: what `--format json` prints. */
  records: readonly MetricRecord[]
  mean?: MetricRecord
  pairs: readonly MetricRecord[]
  settings: Settings
  provenance: ProvenanceRecord[]
  inputs: readonly InputSummary[]
}

/** Somewhere that results go: the metrics on standard output, a TREC run, a report. */
export interface Output {
  /** Columns, other than modalities, that it wants to be in memory. */
  columns?: readonly string[]
  /** Sees the embeddings before the work, and refuses what it cannot do (64). */
  begin?(start: { directions: readonly string[]; table: Embeddings }): void
  /** Gets every direction while its vectors are at hand. */
  visit?(task: DirectionTask): Promise<void>
  /** Gets every record as soon as it is known. */
  add?(record: MetricRecord): Promise<void>
  /** Writes what is still to be written. */
  finish?(finding: Finding): Promise<void>
  /** Takes back what was written. */
  abort?(): Promise<void>
}

/** Several outputs as one: each is served in turn. */
export const together = (outputs: readonly Output[]): Required<Output> => ({
  columns: outputs.flatMap(({ columns }) => columns ?? []),
  begin: start => outputs.forEach(output => output.begin?.(start)),
  async visit(task) {
    for (const output of outputs) await output.visit?.(task)
  },
  async add(record) {
    for (const output of outputs) await output.add?.(record)
  },
  async finish(finding) {
    for (const output of outputs) await output.finish?.(finding)
  },
  async abort() {
    for (const output of outputs) await output.abort?.()
  },
})
