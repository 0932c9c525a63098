import { readFile } from 'node:fs/promises'
import { inputError } from '../../formats/byte-range.js'
import { readWav, type Sound } from '../../formats/wav.js'

/** Decodes a sound file: WAV. */
export async function readSound(path: string): Promise<Sound> {
  const bytes = await readFile(path).catch(error => {
    throw inputError(path, error)
  })
  return readWav(bytes, path)
}
