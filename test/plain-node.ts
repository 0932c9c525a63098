/**
 * Starts Node as a user does. The test runner adds a module to every Node process, whatever
 * `NODE_OPTIONS` the test has set for it; that makes it start slowly and, worse, listen to signals:
 * a program then dies of SIGXFSZ, which Node by itself ignores so that a write fails with EFBIG.
 * Only a process between the two can take the variable away; it becomes the program, with its pid.
 */
const WITHOUT = ['-u', 'NODE_OPTIONS'] as const
const BARE = ['env', ...WITHOUT, process.execPath] as const

/** Command and arguments that run a script, for `spawn` and its like. */
export const plainNode = (...args: readonly string[]): [string, string[]] => [
  BARE[0],
  [...BARE.slice(1), ...args],
]

/** The same for a script of sh, and every Node process that it starts. */
export const plainShell = (...args: readonly string[]): [string, string[]] => [
  'env',
  [...WITHOUT, 'sh', ...args],
]

/** Words that run a script, for a line of shell. */
export const plainNodeCommand = (...args: readonly string[]): string =>
  [...BARE.slice(0, 3), ...[process.execPath, ...args].map(word => `"${word}"`)].join(' ')
