import type { InputSummary } from '../../stream/read.js'
import type { ProvenanceRecord } from '../../stream/types.js'
import type { DirectionTask } from '../direction-task.js'
import type { Embeddings } from '../embeddings.js'
import type { Evaluated } from '../evaluation.js'
import type { RankKeeper } from '../ranks/kept-ranks.js'
import type { MetricRecord, Settings } from '../report/record.js'
import type { Sweep } from '../sweep.js'
import type { Items } from '../uncertainty/items.js'

/** Everything that was found out, when all directions have been evaluated. */
export interface Finding {
  evaluations: readonly Evaluated[]
  /** The records of every direction, then `mean` and `pairs`: what `--format json` prints. */
  records: readonly MetricRecord[]
  mean?: MetricRecord
  pairs: readonly MetricRecord[]
  /** The records of --mrv. */
  variances: readonly MetricRecord[]
  /** The combinations that a `*` in a direction stands for. */
  sweeps: readonly Sweep[]
  settings: Settings
  provenance: ProvenanceRecord[]
  inputs: readonly InputSummary[]
}

/** What there is to work on. */
export interface Start {
  directions: readonly string[]
  /** The embeddings, where it is not ranks that were read; and the items among their rows. */
  table?: Embeddings
  items?: Items
}

/** Somewhere that results go: the metrics on standard output, a TREC run, a report. */
export interface Output {
  /** Columns, other than modalities, that it wants to be in memory. */
  columns?: readonly string[]
  /** Sees the embeddings before the work, and refuses what it cannot do (64). */
  begin?(start: Start): void
  /** Keeps the ranks of every query. */
  keeper?: RankKeeper
  /** Gets every direction while its vectors are at hand; ranks that were read have none. */
  visit?(task: DirectionTask): Promise<void>
  /** Gets every record as soon as it is known. */
  add?(record: MetricRecord): Promise<void>
  /** Writes what is still to be written. */
  finish?(finding: Finding): Promise<void>
  /** Takes back what was written. */
  abort?(): Promise<void>
}

export type Together = Required<Omit<Output, 'keeper'>> & Pick<Output, 'keeper'>

/** Several outputs as one: each is served in turn. */
export const together = (outputs: readonly Output[]): Together => ({
  keeper: outputs.find(({ keeper }) => keeper)?.keeper,
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
