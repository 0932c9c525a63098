import { badUsage } from '../../../error.js'
import { readSound } from '../../sound/read-sound.js'
import { resample } from '../../sound/resample.js'
import { encodeEach } from '../each.js'
import type { OptionReader } from '../option-reader.js'
import type { Pooling, Sequence } from './pooling.js'
import type { Preprocessing } from './preprocessor-config.js'
import type { Encoder } from '../types.js'
import { windowsOf } from './windows.js'
import type { Network, Tensor } from './network.js'

interface SoundInput {
  rate: number
  /** Samples are multiplied by this: 32768 for networks that saw 16-bit integers. */
  gain: number
  /** Samples of a sound, cut or filled up with silence; undefined keeps its length. */
  samples: number | undefined
  normalize: boolean
}

/**
 * A network that hears samples, and perhaps a second one (`then`) that hears windows of the frames
 * the first one gives.
 */
export async function soundEncoder(
  network: Network,
  then: Network | undefined,
  options: OptionReader,
  { sound }: Preprocessing,
  pooling: Pooling,
): Promise<Pick<Encoder, 'dim' | 'encode'>> {
  const rate = options.integer('rate', sound.rate ?? 16000, { min: 1000, max: 384000 })
  const seconds = options.number('seconds')
  if (seconds !== undefined && !(seconds > 0 && seconds <= 3600))
    throw badUsage(`${options.where}: option seconds: expected more than 0, at most 3600`)
  const input: SoundInput = {
    rate,
    gain: options.number('gain') ?? 1,
    samples: seconds === undefined ? network.shape.at(-1) : Math.round(seconds * rate),
    normalize: options.flag('normalize') || sound.normalize === true,
  }
  const between = then && {
    network: then,
    hop: options.integer('hop', 8, { min: 1, max: 65536 }),
    mul: options.number('mul') ?? 1,
    add: options.number('add') ?? 0,
  }

  const forward = async (samples: Float32Array): Promise<Sequence> => {
    const ones = network.shape.slice(1).map(() => 1)
    const dims = [...ones, samples.length]
    const frames = sequenceOf(await network.run({ dims, values: samples }))
    if (!between) return frames
    const { values, ...window } = windowsOf(frames, between)
    return sequenceOf(await then.run({ dims: window.dims, values }))
  }

  const silence = new Float32Array(input.samples ?? rate)
  return {
    dim: pooling.dim(await forward(silence)),
    encode: items =>
      encodeEach(items, async item => {
        if (!('path' in item)) throw new TypeError('expected files')
        const { rate: from, samples } = await readSound(item)
        return pooling.pool(await forward(prepare(resample(samples, from, rate), input)))
      }),
  }
}

/** All vectors of a result, whatever axes of length one or of time there are before the last. */
const sequenceOf = ({ dims, values }: Tensor): Sequence => {
  const dim = dims.at(-1)!
  return { values, dim, count: values.length / dim }
}

const prepare = (
  samples: Float32Array,
  { gain, samples: length = samples.length, normalize }: SoundInput,
): Float32Array => {
  const prepared = new Float32Array(length)
  prepared.set(samples.subarray(0, length))
  if (normalize) standardize(prepared)
  if (gain !== 1) for (let at = 0; at < length; at++) prepared[at]! *= gain
  return prepared
}

/** Mean 0 and variance 1, as Wav2Vec2FeatureExtractor makes it (1e-7 beside the variance). */
const standardize = (samples: Float32Array): void => {
  let sum = 0
  for (const sample of samples) sum += sample
  const mean = sum / samples.length
  let square = 0
  for (const sample of samples) square += (sample - mean) ** 2
  const factor = 1 / Math.sqrt(square / samples.length + 1e-7)
  for (let at = 0; at < samples.length; at++) samples[at] = (samples[at]! - mean) * factor
}
