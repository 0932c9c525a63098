import type { Fit, Pixels } from '../../image.js'

/** What a network wants of a picture. */
export interface PictureInput extends Fit {
  size: number
  /** Bytes are multiplied by this, then `mean` is taken off and the rest divided by `std`. */
  scale: number
  mean: readonly number[]
  std: readonly number[]
  layout: 'nchw' | 'nhwc'
}

/** Writes a picture into its place of a batch: 3 x size x size numbers. */
export function fillPicture(
  { data, size }: Pixels,
  { scale, mean, std, layout }: PictureInput,
  into: Float32Array,
): void {
  const plane = size * size
  for (let channel = 0; channel < 3; channel++) {
    const factor = scale / std[channel]!
    const shift = mean[channel]! / std[channel]!
    for (let pixel = 0; pixel < plane; pixel++) {
      const to = layout === 'nchw' ? channel * plane + pixel : 3 * pixel + channel
      into[to] = data[3 * pixel + channel]! * factor - shift
    }
  }
}
