import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { plainNode, plainNodeCommand } from '../plain-node.js'

export const probePath = fileURLToPath(new URL('probe.js', import.meta.url))

/** Runs a line of bash in which $probe stands for the program. */
export const bash = (line: string) =>
  execa('bash', ['-c', line.replaceAll('$probe', plainNodeCommand(probePath))], {
    reject: false,
    stdin: 'ignore',
  })

/** Runs the probe to its end, whatever that is. */
export const probe = (args: readonly string[], env: Record<string, string> = {}) =>
  execa(...plainNode(probePath, ...args), {
    reject: false,
    stdin: 'ignore',
    env,
  })
