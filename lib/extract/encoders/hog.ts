import { decodeImage, square, type Pixels } from '../image.js'
import { colourHistograms, colourLength } from './hog-colour.js'
import { gradientHistograms, gradientLength, type HogShape } from './hog-gradient.js'
import { encodeEach } from './each.js'
import type { EncoderRequest, MadeEncoder } from './types.js'

/** A picture's shape and colours: histograms of gradients, then histograms of colour on a grid. */
export async function openEncoder({ options }: EncoderRequest): Promise<MadeEncoder> {
  const size = options.integer('size', 64, { min: 16, max: 1024 })
  const shape: HogShape = {
    size,
    cell: options.integer('cell', 8, { min: 2, max: 256 }),
    block: options.integer('block', 2, { min: 1, max: 16 }),
    bins: options.integer('bins', 9, { min: 2, max: 64 }),
  }
  const grid = options.integer('grid', 4, { min: 0, max: 64 })
  const gradients = gradientLength(shape, options.where)
  const dim = gradients + colourLength(grid)
  const encode = (pixels: Pixels): Float32Array => {
    const features = new Float32Array(dim)
    gradientHistograms(pixels, shape, features.subarray(0, gradients))
    colourHistograms(pixels, grid, features.subarray(gradients))
    return features
  }
  return {
    address: options.address('hog'),
    dim,
    layout: 'vector',
    encode: items =>
      encodeEach(items, async item => {
        if (!('path' in item)) throw new TypeError('hog takes files')
        return encode(await decodeImage(item, square(size)))
      }),
    close: async () => {},
  }
}
