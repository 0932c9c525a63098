import { execa } from 'execa'
import { fileURLToPath } from 'node:url'

export const probePath = fileURLToPath(new URL('probe.js', import.meta.url))

/** Without what the test runner adds to every Node process, which makes it start slowly. */
const plainNode = { NODE_OPTIONS: '' }

/** Runs a line of bash in which $probe stands for the program. */
export const bash = (line: string) =>
  execa('bash', ['-c', line], {
    reject: false,
    stdin: 'ignore',
    env: { ...plainNode, probe: `${process.execPath} ${probePath}` },
  })

/** Runs the probe to its end, whatever that is. */
export const probe = (args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [probePath, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { ...plainNode, ...env },
  })
