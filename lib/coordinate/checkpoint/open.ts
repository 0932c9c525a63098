import type { Context } from '../../cli/context.js'
import { badUsage } from '../../error.js'
import type { InputSummary } from '../../stream/closing.js'
import { provenance } from '../../stream/provenance.js'
import { Checkpoints } from './checkpoints.js'

export interface CheckpointArguments {
  checkpoint: string | undefined
  checkpointEvery: number | undefined
  resume: boolean
}

/** The checkpoints that the command line asks for, in the hands of this run; throws usage (64). */
export const checkpointsFrom = (
  { checkpoint, checkpointEvery, resume }: CheckpointArguments,
  { log, record, signals }: Pick<Context, 'log' | 'record' | 'signals'>,
  models: readonly InputSummary[],
): Checkpoints | undefined => {
  if (checkpoint === undefined) {
    if (resume) throw badUsage('--resume needs --checkpoint DIR')
    if (checkpointEvery !== undefined) throw badUsage('--checkpoint-every needs --checkpoint DIR')
    return undefined
  }
  const checkpoints = Checkpoints.open({
    ...{ folder: checkpoint, every: checkpointEvery, resume },
    record: provenance([], record(), { noPg: true })[0]!,
    models,
    log,
  })
  signals.onCheckpoint(() => checkpoints.ask())
  signals.resumable()
  return checkpoints
}
