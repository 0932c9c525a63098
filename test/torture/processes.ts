import { compiled } from '../bench/processes.js'
import { plainNodeCommand } from '../plain-node.js'

/** How a line for the shell runs a program. */
export const binary = (name: string): string => plainNodeCommand(compiled(`bin/${name}`))

export const quietNode = { env: { PCM_ENGINE: '', CI: '1' } }
