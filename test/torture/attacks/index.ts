import type { Attack } from '../attack.js'
import { chunks } from './chunks.js'
import { claims } from './claims.js'
import { cuts } from './cuts.js'
import { days } from './days.js'
import { flips } from './flips.js'
import { fuzz } from './fuzz.js'
import { killTraining } from './kill-training.js'
import { options } from './options.js'
import { pipes } from './pipes.js'
import { rows } from './rows.js'

/** What `npm run torture` can do, in the order of its list. */
export const attacks: readonly Attack[] = [
  ...[cuts, flips, fuzz, claims, options, chunks, pipes, killTraining, days, rows],
]
