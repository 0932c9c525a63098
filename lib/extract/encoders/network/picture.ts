import { PcmError } from '../../../error.js'
import { decodeImage, type Pixels } from '../../image.js'
import { encodeEach } from '../each.js'
import type { OptionReader } from '../option-reader.js'
import { fillPicture, lengthOf, type PictureInput } from './picture-input.js'
import { readPictureInput } from './picture-options.js'
import { type Pooling, type Sequence } from './pooling.js'
import type { Preprocessing } from './preprocessor-config.js'
import type { Encoder, Raw } from '../types.js'
import { sequencesOf } from './sequences.js'
import type { Network } from './network.js'

/** Numbers that go through a network together, where the model leaves that open: 8 MB of them. */
const BATCH_NUMBERS = 1 << 21

/** As many small pictures as are worth it, and a few large ones. */
const batchFor = (numbers: number): number =>
  Math.min(64, Math.max(1, Math.floor(BATCH_NUMBERS / numbers)))

/** A network that sees pictures: 3 channels or 1, first or last. */
export async function pictureEncoder(
  network: Network,
  options: OptionReader,
  beside: Preprocessing,
  pooling: Pooling,
): Promise<Pick<Encoder, 'dim' | 'encode'>> {
  const { shape } = network
  const input = readPictureInput(options, beside.picture, network)
  const each = lengthOf(input)
  const batch = shape[0] ?? options.integer('batch', batchFor(each), { min: 1, max: 1024 })
  const whole = shape[0] !== undefined || network.fixed

  const forward = async (pictures: readonly Pixels[]): Promise<Sequence[]> => {
    // A model for a fixed number of pictures gets that many, some of them black.
    const items = whole ? batch : pictures.length
    const values = new Float32Array(items * each)
    pictures.forEach((pixels, at) =>
      fillPicture(pixels, input, values.subarray(at * each, (at + 1) * each)),
    )
    const result = await network.run({ dims: dimsOf(items, input), values })
    return sequencesOf(result, items, input.layout === 'nchw').slice(0, pictures.length)
  }

  const black = { ...input.size, data: new Uint8Array(lengthOf({ ...input, channels: 3 })) }
  const [sample] = await forward([black])
  return {
    dim: pooling.dim(sample!),
    encode: async items => {
      const results: (Float32Array | PcmError)[] = []
      for (let start = 0; start < items.length; start += batch) {
        const part = items.slice(start, start + batch)
        const pictures = await decode(part, input)
        const sound = pictures.filter((one): one is Pixels => !(one instanceof PcmError))
        const features = (sound.length > 0 ? await forward(sound) : []).map(pooling.pool)
        let next = 0
        for (const one of pictures) results.push(one instanceof PcmError ? one : features[next++]!)
      }
      return results
    },
  }
}

const dimsOf = (items: number, input: PictureInput): number[] => {
  const { size, channels, layout } = input
  const { height, width } = size
  return layout === 'nchw' ? [items, channels, height, width] : [items, height, width, channels]
}

const decode = (items: readonly Raw[], input: PictureInput): Promise<(Pixels | PcmError)[]> =>
  encodeEach(items, async item => {
    if (!('path' in item)) throw new TypeError('expected files')
    return decodeImage(item, input.size, input)
  })
