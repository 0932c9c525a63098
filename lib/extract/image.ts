import type { Sharp } from 'sharp'
import { badData, type PcmError } from '../error.js'
import { inputError } from '../formats/byte-range.js'
import { readPart } from '../formats/file-part.js'
import { bytesOfFile, type RawFile } from './raw-file.js'
import { type Kernel, type Raster, resize } from './resize.js'

/** A square picture: 3 bytes a pixel (sRGB), row by row. */
export interface Pixels {
  size: number
  data: Uint8Array
}

/** 2^28 pixels: a larger picture is a mistake or an attack (16384 x 16384). */
const MOST_PIXELS = 2 ** 28

/** Bytes of a file that is read as a whole before it is decoded. */
const MOST_HELD = 1 << 24

/** How a picture is brought to its size. */
export interface Fit {
  /** `fill` scales the sides apart; `cover` keeps their ratio and cuts off what is over. */
  fit: 'fill' | 'cover'
  kernel: Kernel
  /** Pixels of the shorter side before the middle is cut out (cover); undefined = `size`. */
  shortest?: number | undefined
}

/** Times the length wanted: a picture this much larger is first brought near it by sharp. */
const MUCH_LARGER = 8
const NEAR = 4

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF (by sharp), turned upright by its EXIF orientation,
 * composited over white, and resized to a square: its sides scaled apart by sharp (Lanczos), or as
 * `fit` says, the way networks expect it.
 */
export async function decodeImage(file: RawFile, size: number, fit?: Fit): Promise<Pixels> {
  const sharp = await loadSharp()
  const input = file.part ? await readPart(file.part) : await inputOf(file.path)
  try {
    const image = prepare(sharp(input, { limitInputPixels: MOST_PIXELS, failOn: 'error' }))
    if (fit) return fitted(await decode(image, fit.shortest ?? size), size, fit)
    const scaled = image.resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
    return { size, data: await scaled.removeAlpha().raw().toBuffer() }
  } catch (error) {
    throw imageError(file, error)
  }
}

/** No picture is asked for twice, so what libvips would keep of them is of no use. */
async function loadSharp(): Promise<typeof import('sharp').default> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  return sharp
}

/**
 * The bytes of a file, or its path where that is too large to hold several at once: to find out
 * what a file is, libvips opens it some twenty times, as long as a small picture takes to decode.
 */
async function inputOf(path: string): Promise<Buffer | string> {
  const { stat } = await import('node:fs/promises')
  const found = await stat(path).catch(error => {
    throw inputError(path, error)
  })
  return found.isFile() && found.size <= MOST_HELD ? bytesOfFile({ path }) : path
}

/** All of a picture, or one that is smaller and still several times as large as is wanted. */
async function decode(image: Sharp, wanted: number): Promise<Raster> {
  const { width, height } = await image.metadata()
  const large = Math.min(width, height) > MUCH_LARGER * wanted
  const near = NEAR * wanted
  const chosen = large ? image.resize(near, near, { fit: 'outside', kernel: 'lanczos3' }) : image
  const { data, info } = await chosen.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels, data }
}

function fitted(picture: Raster, size: number, { fit, kernel, shortest = size }: Fit): Pixels {
  if (fit === 'fill') return { size, data: resize(picture, size, size, kernel).data }
  const { width, height } = picture
  const factor = shortest / Math.min(width, height)
  // The longer side is cut down to a whole number of pixels, as the image processors of CLIP do.
  const wide = width <= height ? shortest : Math.floor(width * factor)
  const high = height <= width ? shortest : Math.floor(height * factor)
  const scaled = resize(picture, wide, high, kernel)
  return { size, data: middle(scaled.data, scaled, size) }
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

function imageError({ path }: RawFile, error: unknown): PcmError {
  const said = error instanceof Error ? error.message : String(error)
  const reason = said
    .split('\n')[0]!
    .replace(/^Input (file|buffer)/, 'picture')
    .slice(0, 160)
  return badData(`${path}: not a picture that can be read: ${reason}`, undefined, error)
}
