import { readWav, type Sound } from '../../formats/wav.js'
import { bytesOfFile, type RawFile } from '../raw-file.js'

/** Decodes a sound file: WAV. */
export async function readSound(file: RawFile): Promise<Sound> {
  return readWav(await bytesOfFile(file), file.path)
}
