import { badUsage } from '../../error.js'
import { firstGiven } from '../program/given.js'

/** What is of one model, or of another comparison. */
const NOT_BESIDE = {
  against: '--against',
  correction: '--correction',
  tune: '--tune',
  folds: '--folds',
  shard: '--shard',
  geometry: '--geometry',
  examples: '--examples',
  run: '--run',
  writeQrels: '--write-qrels',
}

/** Refuses (64) what has no meaning where queries and gallery are of two models. */
export const refuseForCompatible = (args: Readonly<Record<string, unknown>>): void => {
  if (args['compatible'] === undefined) return
  const named = firstGiven(args, NOT_BESIDE)
  if (named !== undefined)
    throw badUsage(`${named} and --compatible: queries and gallery are of two models`)
  if (args['format'] === 'ranks')
    throw badUsage('--format ranks and --compatible: three searches are compared')
}
