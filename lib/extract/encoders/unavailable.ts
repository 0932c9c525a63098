import { stat } from 'node:fs/promises'
import { Exit, PcmError } from '../../error.js'

/** An encoder whose package or weights are not there (69). */
export const unavailable = (message: string, hint?: string, cause?: unknown): PcmError =>
  new PcmError(message, { exit: Exit.unavailable, hint, cause })

/** Throws unavailable where a file or folder of weights is not there. */
export async function checkWeights(path: string, where: string): Promise<void> {
  await stat(path).catch(error => {
    throw unavailable(`${where}: no such file: ${path}`, 'the weights are not part of pcm', error)
  })
}
