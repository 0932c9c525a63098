import type { Attack } from '../attack.js'
import { cuts } from './cuts.js'
import { flips } from './flips.js'
import { fuzz } from './fuzz.js'
import { killTraining } from './kill-training.js'
import { options } from './options.js'
import { pipes } from './pipes.js'
/** What `npm run torture` can do, in the order of its list. */
export const attacks: readonly Attack[] = [
  ...[cuts, flips, fuzz, options, pipes, killTraining],
]
