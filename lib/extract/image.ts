import type { Sharp } from 'sharp'
import { badData, errorCode, type PcmError } from '../error.js'
import { inputError } from '../formats/byte-range.js'

/** A square picture: 3 bytes a pixel (sRGB), row by row. */
export interface Pixels {
  size: number
  data: Uint8Array
}

/** 2^28 pixels: a larger picture is a mistake or an attack (16384 x 16384). */
const MOST_PIXELS = 2 ** 28

/** How a picture is brought to its size. */
export interface Fit {
  /** `fill` scales the sides apart; `cover` keeps their ratio and cuts off what is over. */
  fit: 'fill' | 'cover'
  kernel: 'nearest' | 'linear' | 'cubic' | 'lanczos3'
  /** Pixels of the shorter side before the middle is cut out (cover); undefined = `size`. */
  shortest?: number | undefined
}

const FILL: Fit = { fit: 'fill', kernel: 'lanczos3' }

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF (by sharp), turned upright by its EXIF orientation,
 * composited over white, and resized to a square (its sides are scaled apart, nothing is cut off,
 * unless `fit` says otherwise).
 */
export async function decodeImage(path: string, size: number, fit: Fit = FILL): Promise<Pixels> {
  const { default: sharp } = await import('sharp')
  try {
    const image = prepare(sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error' }))
    const raw = (image: Sharp) => image.removeAlpha().raw()
    const { kernel, shortest = size } = fit
    if (fit.fit === 'fill') {
      const data = await raw(image.resize(size, size, { fit: 'fill', kernel })).toBuffer()
      return { size, data }
    }
    const { data, info } = await raw(
      image.resize(shortest, shortest, { fit: 'outside', kernel }),
    ).toBuffer({ resolveWithObject: true })
    return { size, data: middle(data, info, size) }
  } catch (error) {
    throw await imageError(path, error)
  }
}

/** The square in the middle; where the size is odd, the pixel over is right and below. */
const middle = (
  data: Uint8Array,
  { width, height }: { width: number; height: number },
  size: number,
): Uint8Array => {
  const left = Math.floor((width - size) / 2)
  const top = Math.floor((height - size) / 2)
  const square = new Uint8Array(3 * size * size)
  for (let y = 0; y < size; y++) {
    const from = 3 * ((top + y) * width + left)
    square.set(data.subarray(from, from + 3 * size), 3 * size * y)
  }
  return square
}

/** Upright, sRGB, without transparency. Resizing after flattening keeps edges free of fringes. */
const prepare = (image: Sharp): Sharp =>
  image.rotate().toColourspace('srgb').flatten({ background: '#ffffff' })

async function imageError(path: string, error: unknown): Promise<PcmError> {
  const { stat } = await import('node:fs/promises')
  const said = error instanceof Error ? error.message : String(error)
  const missing = await stat(path).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (missing !== undefined && errorCode(missing)) return inputError(path, missing)
  const reason = said
    .split('\n')[0]!
    .replace(/^Input file/, 'picture')
    .slice(0, 160)
  return badData(`${path}: not a picture that can be read: ${reason}`, undefined, error)
}
