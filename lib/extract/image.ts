import type { Sharp } from 'sharp'
import { badData, type PcmError } from '../error.js'
import { inputError } from '../formats/byte-range.js'
import { readPart } from '../formats/file-part.js'
import { bytesOfFile, type RawFile } from './raw-file.js'
import { type Kernel, type Raster, resize } from './resize.js'

export interface Size {
  width: number
  height: number
}

export const square = (side: number): Size => ({ width: side, height: side })

/** A picture: 3 bytes a pixel (sRGB), row by row. */
export interface Pixels extends Size {
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
  /** Pixels of the shorter side before the middle is cut out (cover); undefined = as few as cover. */
  shortest?: number | undefined
}

/** Times the length wanted: a picture this much larger is first brought near it by sharp. */
const MUCH_LARGER = 8
const NEAR = 4

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF (by sharp), turned upright by its EXIF orientation,
 * composited over white, and resized: its sides scaled apart by sharp (Lanczos), or as `fit` says,
 * the way networks expect it.
 */
export async function decodeImage(file: RawFile, size: Size, fit?: Fit): Promise<Pixels> {
  const sharp = await loadSharp()
  const input = file.part ? await readPart(file.part) : await inputOf(file.path)
  try {
    const image = prepare(sharp(input, { limitInputPixels: MOST_PIXELS, failOn: 'error' }))
    if (fit) {
      const wanted = fit.shortest ?? Math.max(size.width, size.height)
      return fitted(await decode(image, wanted), size, fit)
    }
    const scaled = image.resize({ ...size, fit: 'fill', kernel: 'lanczos3' })
    return { ...size, data: await scaled.removeAlpha().raw().toBuffer() }
  } catch (error) {
    throw imageError(file, error)
  }
}

let loaded: Promise<typeof import('sharp').default> | undefined

/** No picture is asked for twice, so what libvips would keep of them is of no use. */
const loadSharp = (): Promise<typeof import('sharp').default> =>
  (loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    return sharp
  }))

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

function fitted(picture: Raster, size: Size, { fit, kernel, shortest }: Fit): Pixels {
  if (fit === 'fill')
    return { ...size, data: resize(picture, size.width, size.height, kernel).data }
  const { width, height } = picture
  const least = shortest === undefined ? size : { width: shortest, height: shortest }
  const [byWidth, byHeight] = [least.width / width, least.height / height]
  // The side that is over is cut down to a whole number of pixels, as the processors of CLIP do.
  const wide = byWidth >= byHeight ? least.width : Math.floor(width * byHeight)
  const high = byHeight >= byWidth ? least.height : Math.floor(height * byWidth)
  return middle(resize(picture, wide, high, kernel), size)
}

/** The part in the middle; where what is over is odd, there is one pixel more of it right and below. */
const middle = ({ data, ...from }: Raster, { width, height }: Size): Pixels => {
  const left = Math.floor((from.width - width) / 2)
  const top = Math.floor((from.height - height) / 2)
  const cut = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    const start = 3 * ((top + y) * from.width + left)
    cut.set(data.subarray(start, start + 3 * width), 3 * width * y)
  }
  return { width, height, data: cut }
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
