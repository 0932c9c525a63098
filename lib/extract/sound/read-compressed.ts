import { badData } from '../../error.js'
import type { Sound } from '../../formats/wav.js'
import { checkCount, opusLength } from './check-end.js'
import { checkOggPages } from './ogg-pages.js'

export type Codec = 'flac' | 'vorbis' | 'opus' | 'mp3'

interface Decoded {
  channelData: Float32Array[]
  samplesDecoded: number
  sampleRate: number
  /** Bits of the integers that samples were (FLAC). */
  bitDepth?: number
  errors: readonly { message: string }[]
}

/** What the decoders have in common; those of MP3 answer at once and have nothing to flush. */
interface Decoder {
  ready: Promise<void>
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>
  flush?(): Promise<Decoded>
  free(): void
}

/** Bytes decoded at once: few, since 16 bytes of FLAC can stand for 65,535 samples of silence. */
const CHUNK = 1 << 13

/** 2^28 samples: 101 minutes at 44,100 Hz. A longer sound is a mistake or an attack. */
const MOST_SAMPLES = 2 ** 28

/**
 * Decodes compressed sound by the reference decoders (libFLAC, libvorbis, libopus, mpg123) compiled
 * to WebAssembly, mixing the channels as it goes. Memory is bounded whatever the bytes claim; bad
 * data (65) where a decoder finds damage or the sound ends before its end.
 */
export async function readCompressed(codec: Codec, bytes: Buffer, name: string): Promise<Sound> {
  const isOgg = bytes.toString('latin1', 0, 4) === 'OggS'
  if (isOgg) checkOggPages(bytes, name)
  const decoder = await open(codec)
  await decoder.ready
  const parts: Float32Array[] = []
  let rate = 0
  let length = 0
  const take = ({ channelData, samplesDecoded, sampleRate, bitDepth, errors }: Decoded): void => {
    if (errors.length > 0) throw new Error(errors[0]!.message)
    if (samplesDecoded === 0) return
    if (rate !== 0 && sampleRate !== rate)
      throw new Error(`its rate changes from ${rate} to ${sampleRate}`)
    rate = sampleRate
    length += samplesDecoded
    if (length > MOST_SAMPLES) throw new Error(`more than ${MOST_SAMPLES} samples`)
    parts.push(mixed(channelData, samplesDecoded, bitDepth ? 1 - 2 ** (1 - bitDepth) : 1))
  }
  try {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      // A view of its own: a decoder keeps what it could not use yet.
      const chunk = Uint8Array.from(bytes.subarray(at, at + CHUNK))
      take(await strictly(() => decoder.decode(chunk)))
    }
    if (decoder.flush) take(await strictly(() => decoder.flush!()))
    // Fails where a harmed sound has broken its memory, which is of no other decoder.
    decoder.free()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const reason = said.split('\n')[0]!.slice(0, 160)
    throw badData(`${name}: damaged ${LABELS[codec]} sound: ${reason}`, undefined, error)
  }
  if (length === 0) throw badData(`${name}: ${LABELS[codec]} file without sound (no samples)`)
  if (codec === 'flac' && !isOgg) checkCount(bytes, length, name)
  if (rate < 1000 || rate > 384000)
    throw badData(`${name}: ${rate} samples per second, expected 1000 to 384000`)
  const samples = joined(parts, length)
  return { rate, samples: codec === 'opus' ? samples.subarray(0, opusLength(bytes)) : samples }
}

const LABELS = { flac: 'FLAC', vorbis: 'Ogg Vorbis', opus: 'Opus', mp3: 'MP3' } as const

async function open(codec: Codec): Promise<Decoder> {
  switch (codec) {
    case 'flac':
      return new (await import('@wasm-audio-decoders/flac')).FLACDecoder()
    case 'vorbis':
      return new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder()
    case 'opus':
      return new (await import('ogg-opus-decoder')).OggOpusDecoder({ forceStereo: false })
    case 'mp3':
      return new (await import('mpg123-decoder')).MPEGDecoder()
  }
}

/**
 * The decoders print what they find wrong and go on, mpg123 for ever where it cannot (its loop ends
 * only when more bytes are needed): here the first complaint is the end.
 */
async function strictly<T>(decode: () => T | Promise<T>): Promise<T> {
  if (decoding++ === 0) {
    printed = console.error
    console.error = complain
  }
  try {
    return await decode()
  } finally {
    if (--decoding === 0) console.error = printed
  }
}

/** Several sounds are decoded at once: the first to begin takes the console, the last gives it back. */
let decoding = 0
let printed = console.error

const complain = (...said: unknown[]): never => {
  throw new Error(said.join(' '))
}

/** `scale`: the decoder of FLAC divides by 2^(bits-1) - 1, where WAV and libsndfile have 2^(bits-1). */
const mixed = (channels: readonly Float32Array[], length: number, scale: number): Float32Array => {
  const mean = new Float32Array(length)
  for (let at = 0; at < length; at++) {
    let sum = 0
    for (const channel of channels) sum += channel[at]!
    mean[at] = (sum * scale) / channels.length
  }
  return mean
}

const joined = (parts: readonly Float32Array[], length: number): Float32Array => {
  const samples = new Float32Array(length)
  let at = 0
  for (const part of parts) {
    samples.set(part, at)
    at += part.length
  }
  return samples
}
