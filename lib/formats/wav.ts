import { badData } from '../error.js'

/** Sound as it was recorded, mixed to one channel: samples in -1..1 at `rate` per second. */
export interface Sound {
  rate: number
  samples: Float32Array
}

const PCM = 1
const FLOAT = 3
const A_LAW = 6
const MU_LAW = 7
const EXTENSIBLE = 0xfffe

interface Format {
  tag: number
  channels: number
  rate: number
  /** Bytes of one sample. */
  width: number
}

/**
 * A RIFF/WAVE file (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications
 * 1.0"; extensible headers): PCM of 8 to 32 bits, float of 32 and 64, A-law and mu-law, any rate
 * and number of channels. A data chunk that claims more than is there is refused.
 */
export function readWav(bytes: Buffer, name: string): Sound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw badData(`${name}: not a WAV file (its first bytes are not RIFF....WAVE)`)
  }
  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    const start = at + 8
    const left = bytes.length - start
    if (id === 'fmt ') format = readFormat(bytes.subarray(start, start + size), name)
    if (id === 'data') {
      if (!format) throw badData(`${name}: WAV data before their format`)
      if (size > left) {
        throw badData(
          `${name}: cut short: ${size} bytes of sound claimed, ${left} are there`,
          'a recorder that wrote to a pipe leaves such a length: ffmpeg -i in.wav out.wav',
        )
      }
      return decode(bytes.subarray(start, start + size), format, name)
    }
    at = start + size + (size & 1)
  }
  throw badData(`${name}: WAV file without sound (no data chunk)`)
}

function readFormat(chunk: Buffer, name: string): Format {
  if (chunk.length < 16) throw badData(`${name}: WAV format of ${chunk.length} bytes, expected 16`)
  const declared = chunk.readUInt16LE(0)
  const tag = declared === EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : declared
  const channels = chunk.readUInt16LE(2)
  const rate = chunk.readUInt32LE(4)
  const block = chunk.readUInt16LE(12)
  const bits = chunk.readUInt16LE(14)
  const width = Math.ceil(bits / 8)
  const widths = { [PCM]: [1, 2, 3, 4], [FLOAT]: [4, 8], [A_LAW]: [1], [MU_LAW]: [1] }[tag]
  if (!widths?.includes(width)) {
    throw badData(
      `${name}: WAV encoding ${tag} with ${bits} bits, expected PCM 8 to 32, float 32 or 64, A-law or mu-law`,
    )
  }
  if (channels < 1 || block !== channels * width) {
    throw badData(`${name}: WAV frames of ${block} bytes for ${channels} channels of ${bits} bits`)
  }
  if (rate < 1000 || rate > 384000) {
    throw badData(`${name}: ${rate} samples per second, expected 1000 to 384000`)
  }
  return { tag, channels, rate, width }
}

function decode(data: Buffer, { tag, channels, rate, width }: Format, name: string): Sound {
  const frames = Math.floor(data.length / (channels * width))
  if (frames === 0) throw badData(`${name}: WAV file without sound (no samples)`)
  const sample = sampler(data, tag, width)
  const samples = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += sample((frame * channels + channel) * width)
    }
    samples[frame] = sum / channels
  }
  if (tag === FLOAT && !samples.every(Number.isFinite)) {
    throw badData(`${name}: WAV samples that are not finite numbers`)
  }
  return { rate, samples }
}

const sampler = (data: Buffer, tag: number, width: number): ((at: number) => number) => {
  // A view of the bytes is read several times faster than a Buffer, which checks every place.
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  if (tag === A_LAW) return at => aLaw(data[at]!)
  if (tag === MU_LAW) return at => muLaw(data[at]!)
  if (tag === FLOAT)
    return width === 4 ? at => view.getFloat32(at, true) : at => view.getFloat64(at, true)
  if (width === 1) return at => (data[at]! - 128) / 128
  if (width === 2) return at => view.getInt16(at, true) / 32768
  const scale = 2 ** -(8 * width - 1)
  return at => data.readIntLE(at, width) * scale
}

/** ITU-T G.711, to the range -1..1. */
const aLaw = (byte: number): number => {
  const bits = byte ^ 0x55
  const exponent = (bits >> 4) & 7
  const step = bits & 15
  const size = exponent === 0 ? (step << 4) + 8 : ((step << 4) + 264) << (exponent - 1)
  return (bits & 0x80 ? size : -size) / 32768
}

const muLaw = (byte: number): number => {
  const bits = ~byte & 0xff
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132
  return (bits & 0x80 ? -size : size) / 32768
}
