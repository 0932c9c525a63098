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

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF (by sharp), turned upright by its EXIF orientation,
 * composited over white, and resized to a square (its sides are scaled apart; nothing is cut off).
 */
export async function decodeImage(path: string, size: number): Promise<Pixels> {
  const { default: sharp } = await import('sharp')
  try {
    const data = await prepare(sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error' }))
      .resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
      .removeAlpha()
      .raw()
      .toBuffer()
    return { size, data }
  } catch (error) {
    throw await imageError(path, error)
  }
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
