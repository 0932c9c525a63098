import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { badData, errorCode } from '../../../error.js'
import { square, type Fit, type Size } from '../../image.js'
import type { PictureInput } from './picture-input.js'

/** What a `preprocessor_config.json` (Hugging Face) says of pictures and of sounds. */
export interface Preprocessing {
  picture: Partial<PictureInput>
  sound: { rate?: number; normalize?: boolean }
}

/** Reads `preprocessor_config.json` in a folder; nothing is said where there is none. */
export async function readPreprocessing(folder: string): Promise<Preprocessing> {
  const path = join(folder, 'preprocessor_config.json')
  try {
    return preprocessingOf(JSON.parse(await readFile(path, 'utf8')) as object)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { picture: {}, sound: {} }
    if (error instanceof SyntaxError) throw badData(`${path}: is not JSON (${error.message})`)
    throw error
  }
}

interface Config {
  size?: number | Sides
  crop_size?: number | Sides
  do_center_crop?: boolean
  do_rescale?: boolean
  rescale_factor?: number
  do_normalize?: boolean
  image_mean?: number[]
  image_std?: number[]
  resample?: number
  sampling_rate?: number
}

interface Sides extends Partial<Size> {
  shortest_edge?: number
}

/** PIL's numbers of resampling filters. */
const KERNELS: Record<number, Fit['kernel']> = {
  0: 'nearest',
  1: 'lanczos3',
  2: 'linear',
  3: 'cubic',
}

const sizeOf = (size: Config['size']): Size | undefined => {
  if (typeof size === 'number') return square(size)
  const { width, height = width } = size ?? {}
  return height === undefined ? undefined : { width: width ?? height, height }
}

export function preprocessingOf(config: Config): Preprocessing {
  const picture: Partial<PictureInput> = {}
  const { size, crop_size: crop } = config
  const whole = sizeOf(size)
  const shortest = typeof size === 'object' ? size.shortest_edge : undefined
  const cut = config.do_center_crop ? sizeOf(crop) : undefined
  if (cut) {
    const least = shortest ?? (whole && Math.min(whole.width, whole.height))
    Object.assign(picture, { fit: 'cover', size: cut, shortest: least })
  } else if (shortest !== undefined) {
    Object.assign(picture, { fit: 'cover', size: square(shortest) })
  } else if (whole) {
    Object.assign(picture, { fit: 'fill', size: whole })
  }
  if (config.do_rescale === false) picture.scale = 1
  else if (config.rescale_factor !== undefined) picture.scale = config.rescale_factor
  if (config.do_normalize !== false && config.image_mean && config.image_std)
    Object.assign(picture, { mean: config.image_mean, std: config.image_std })
  const kernel = config.resample === undefined ? undefined : KERNELS[config.resample]
  if (kernel) picture.kernel = kernel
  const sound = {
    ...(config.sampling_rate === undefined ? {} : { rate: config.sampling_rate }),
    ...(config.sampling_rate !== undefined && config.do_normalize ? { normalize: true } : {}),
  }
  return { picture, sound }
}
