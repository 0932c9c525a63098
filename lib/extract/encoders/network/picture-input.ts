import type { Fit, Pixels, Size } from '../../image.js'

/** What a network wants of a picture. */
export interface PictureInput extends Fit {
  size: Size
  /** Red, green and blue, or one channel of luma. */
  channels: 1 | 3
  /** Bytes are multiplied by this, then `mean` is taken off and the rest divided by `std`. */
  scale: number
  /** One number a channel. */
  mean: readonly number[]
  std: readonly number[]
  layout: 'nchw' | 'nhwc'
}

/** Numbers of one picture. */
export const lengthOf = ({ size, channels }: Pick<PictureInput, 'size' | 'channels'>): number =>
  channels * size.width * size.height

/** Writes a picture into its place of a batch: channels x height x width numbers. */
export function fillPicture(
  pixels: Pixels,
  { channels, scale, mean, std, layout }: PictureInput,
  into: Float32Array,
): void {
  const data = channels === 1 ? lumaOf(pixels) : pixels.data
  const plane = pixels.width * pixels.height
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale / std[channel]!
    const shift = mean[channel]! / std[channel]!
    for (let pixel = 0; pixel < plane; pixel++) {
      const to = layout === 'nchw' ? channel * plane + pixel : channels * pixel + channel
      into[to] = data[channels * pixel + channel]! * factor - shift
    }
  }
}

/** ITU-R BT.601, in the whole numbers that Pillow has for it. */
const lumaOf = ({ data, width, height }: Pixels): Uint8Array => {
  const luma = new Uint8Array(width * height)
  for (let at = 0, from = 0; at < luma.length; at++, from += 3)
    luma[at] =
      (19595 * data[from]! + 38470 * data[from + 1]! + 7471 * data[from + 2]! + 0x8000) >> 16
  return luma
}
