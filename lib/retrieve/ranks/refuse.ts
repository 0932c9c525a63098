import { badUsage } from '../../error.js'
import { firstGiven } from '../program/given.js'

/** Options that look at vectors, by their names in `args`: ranks have none. */
const OF_EMBEDDINGS = {
  direction: '--direction',
  query: '--query',
  gallery: '--gallery',
  positives: '--positives',
  qrels: '--qrels',
  label: '--label',
  hubness: '--hubness',
  geometry: '--geometry',
  correction: '--correction',
  bank: '--bank',
  compatible: '--compatible',
  run: '--run',
  writeQrels: '--write-qrels',
  examples: '--examples',
  shard: '--shard',
  folds: '--folds',
  tune: '--tune',
}

/** Options that look at all queries together, or at more than their ranks. */
const OF_METRICS = {
  label: '--label',
  hubness: '--hubness',
  geometry: '--geometry',
  against: '--against',
  bootstrap: '--bootstrap',
  failUnder: '--fail-under',
  mrv: '--mrv',
  run: '--run',
  writeQrels: '--write-qrels',
  report: '--report',
  examples: '--examples',
}

type Given = Readonly<Record<string, unknown>>

/** Refuses (64) what cannot be had of ranks that were made before. */
export const refuseForRanks = (args: Given, source: string): void => {
  const named = firstGiven(args, OF_EMBEDDINGS)
  if (named !== undefined) throw badUsage(`${named}: ${source} holds ranks, which are made already`)
  if (args['format'] === 'ranks') throw badUsage(`--format ranks: ${source} holds ranks`)
}

/** Refuses (64) what is not of single queries, where only ranks are written; and parts of metrics. */
export const refuseForShards = (args: Given): void => {
  if (args['format'] !== 'ranks') {
    if (args['shard'] === undefined) return
    throw badUsage(
      '--shard: numbers of a part of the queries say little',
      'write --format ranks, and let pcm-cat and pcm-eval make one table of all parts',
    )
  }
  const named = firstGiven(args, OF_METRICS)
  if (named !== undefined)
    throw badUsage(
      `${named} and --format ranks: ranks are written, and nothing is measured`,
      'give it to the pcm-eval that reads the ranks, where it is of ranks alone',
    )
}
