import { compiled } from '../bench/processes.js'

/** `"/usr/bin/node" ".../dist/bin/pcm-cat.js"`: how a line for the shell runs a program. */
export const binary = (name: string): string => `"${process.execPath}" "${compiled(`bin/${name}`)}"`

/** The test runner makes every Node process start slowly through NODE_OPTIONS. */
export const quietNode = { env: { NODE_OPTIONS: '', PCM_ENGINE: '', CI: '1' } }
