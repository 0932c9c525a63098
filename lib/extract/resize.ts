/** Bytes in `channels` of a picture, row by row. */
export interface Raster {
  width: number
  height: number
  channels: number
  data: Uint8Array
}

export type Kernel = 'nearest' | 'linear' | 'cubic' | 'lanczos3'

interface Filter {
  /** Reach on each side of its centre, in pixels of the larger of the two pictures. */
  support: number
  weight(distance: number): number
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** Keys' cubic with a = -1/2 (1981), that of Catmull and Rom. */
const cubic = (x: number): number => {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}

const FILTERS: Record<Exclude<Kernel, 'nearest'>, Filter> = {
  linear: { support: 1, weight: x => Math.max(0, 1 - x) },
  cubic: { support: 2, weight: cubic },
  lanczos3: { support: 3, weight: x => (x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}

/** Where each pixel of a line comes from: its first source pixel and the weights from there on. */
interface Contribution {
  first: number
  weights: Float64Array
}

/**
 * A picture of another size, as Pillow makes it: the kernel stretched by the scale when it shrinks,
 * so that nothing folds over, along the rows and then along the columns, rounded to bytes after
 * each. The networks in use were trained on pictures made so; sharp's differ by up to 10 in 255.
 */
export function resize(picture: Raster, width: number, height: number, kernel: Kernel): Raster {
  const wide = along(picture, width, 'rows', kernel)
  return along(wide, height, 'columns', kernel)
}

function along(picture: Raster, length: number, axis: 'rows' | 'columns', kernel: Kernel): Raster {
  const { channels, data } = picture
  const from = axis === 'rows' ? picture.width : picture.height
  if (length === from) return picture
  const made: Raster =
    axis === 'rows' ? { ...picture, width: length } : { ...picture, height: length }
  const into = new Uint8Array(made.width * made.height * channels)
  const line = made.width * channels
  // Bytes from one source pixel to the next, and from one line to the next.
  const step = axis === 'rows' ? channels : picture.width * channels
  const parts = contributions(from, length, kernel)
  for (let y = 0; y < made.height; y++)
    for (let x = 0; x < made.width; x++) {
      const { first, weights } = parts[axis === 'rows' ? x : y]!
      const start = (axis === 'rows' ? y * picture.width : x) * channels + first * step
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0.5
        for (let tap = 0, at = start + channel; tap < weights.length; tap++, at += step)
          sum += weights[tap]! * data[at]!
        into[y * line + x * channels + channel] = sum < 0 ? 0 : sum > 255 ? 255 : sum
      }
    }
  return { ...made, data: into }
}

function contributions(from: number, to: number, kernel: Kernel): Contribution[] {
  const scale = from / to
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale
    if (kernel === 'nearest') return { first: Math.floor(centre), weights: Float64Array.of(1) }
    const { support, weight } = FILTERS[kernel]
    const stretch = Math.max(1, scale)
    const first = Math.max(0, Math.floor(centre - support * stretch + 0.5))
    const end = Math.min(from, Math.floor(centre + support * stretch + 0.5))
    const weights = Float64Array.from({ length: end - first }, (_, tap) =>
      weight(Math.abs((first + tap - centre + 0.5) / stretch)),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    return { first, weights: weights.map(value => value / sum) }
  })
}
