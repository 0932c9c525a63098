import { badData } from '../../error.js'
import { readWav, type Sound } from '../../formats/wav.js'
import { bytesOfFile, type RawFile } from '../raw-file.js'
import { type Codec, readCompressed } from './read-compressed.js'

/**
 * Decodes a sound, mixed to one channel: WAV, FLAC, Ogg (Vorbis, Opus, FLAC) or MP3, told apart by
 * their first bytes, whatever the file is called. Bad data (65) where it is none of these or damaged.
 */
export async function readSound(file: RawFile): Promise<Sound> {
  const bytes = withoutTag(await bytesOfFile(file))
  const kind = kindOf(bytes)
  if (kind === 'wav') return readWav(bytes, file.path)
  if (kind) return readCompressed(kind, bytes, file.path)
  throw badData(
    `${file.path}: not a sound that can be read, expected WAV, FLAC, Ogg (Vorbis, Opus, FLAC) or MP3`,
  )
}

function kindOf(content: Buffer): Codec | 'wav' | undefined {
  const begins = (text: string, at = 0): boolean =>
    content.toString('latin1', at, at + text.length) === text
  if (begins('RIFF')) return 'wav'
  if (begins('fLaC')) return 'flac'
  if (begins('OggS')) {
    const packet = 27 + (content[26] ?? 0)
    if (begins('\x01vorbis', packet)) return 'vorbis'
    if (begins('OpusHead', packet)) return 'opus'
    return begins('\x7fFLAC', packet) ? 'flac' : undefined
  }
  return isMpegFrame(content) ? 'mp3' : undefined
}

/** Without the ID3v2 tag that may stand before a sound (id3.org, ID3v2.4.0, section 3.1). */
const withoutTag = (bytes: Buffer): Buffer => {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'ID3') return bytes
  const size = bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0)
  return bytes.subarray(10 + size + (bytes[5]! & 0x10 ? 10 : 0))
}

/** A header of MPEG audio, layer 3 (ISO 11172-3, 2.4.2.3), with no value that is reserved. */
const isMpegFrame = (bytes: Buffer): boolean => {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1]! & 0xe0) !== 0xe0) return false
  const [version, layer] = [(bytes[1]! >> 3) & 3, (bytes[1]! >> 1) & 3]
  const [bitRate, rate] = [bytes[2]! >> 4, (bytes[2]! >> 2) & 3]
  return version !== 1 && layer === 1 && bitRate !== 15 && rate !== 3
}
