import { Exit, type ExitStatus } from '../error.js'

/** What every exit status means, in the words of help and man pages. */
export const exitTexts: readonly (readonly [ExitStatus, string])[] = [
  [Exit.done, 'done; also when the reader downstream has gone'],
  [Exit.incomplete, 'done, but some rows were skipped, or a threshold was missed'],
  [Exit.noRows, 'a sound stream without rows to work on'],
  [Exit.usage, 'the command line cannot be meant'],
  [Exit.badData, 'the data are bad: damaged, cut short, empty, or not what was expected'],
  [Exit.noInput, 'an input does not exist or cannot be opened'],
  [Exit.unavailable, 'an encoder, device or engine is not available'],
  [Exit.bug, 'an error in the program itself'],
  [Exit.io, 'reading or writing failed: disk full, out of memory, device error'],
  [
    Exit.requeue,
    'stopped by a signal, with a checkpoint to go on from: run the same command again',
  ],
  [Exit.hungUp, 'stopped by SIGHUP without a checkpoint; nothing was written'],
  [Exit.interrupted, 'stopped by SIGINT without a checkpoint; nothing was written'],
  [Exit.terminated, 'stopped by SIGTERM without a checkpoint; nothing was written'],
]
