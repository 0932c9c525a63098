import { readSound } from '../../sound/read-sound.js'
import { resample } from '../../sound/resample.js'
import { encodeEach } from '../each.js'
import type { Pooling, Sequence } from '../network/pooling.js'
import type { Raw } from '../types.js'
import { type Around, explained, type Network } from './model.js'

/** A network of sounds, decoded and resampled by us, turned into what it wants by the package. */
export async function soundEncoder(network: Network, around: Around, pooling: Pooling) {
  const { transformers, source, load, options } = around
  const extract = await explained(source, options.where, () =>
    transformers.AutoFeatureExtractor.from_pretrained(source.id, load),
  )
  const { sampling_rate: rate = 16000, nb_max_samples: most, padding } = extract.config

  const forward = async (samples: Float32Array): Promise<Sequence> => {
    const inputs = await extract(most === undefined ? samples : fitted(samples, most, padding))
    const { values, dims } = await network.run(inputs)
    const dim = dims.at(-1)!
    return { values, dim, count: values.length / dim }
  }
  // A second of a low tone: silence has no variance to be normalised by.
  const tone = Float32Array.from({ length: rate }, (_, at) => Math.sin(at / 20))
  return {
    dim: pooling.dim(await forward(tone)),
    encode: (items: readonly Raw[]) =>
      encodeEach(items, async item => {
        if (!('path' in item)) throw new TypeError('hf takes files here')
        const sound = await readSound(item)
        return pooling.pool(await forward(resample(sound.samples, sound.rate, rate)))
      }),
  }
}

/**
 * A sound of the one length that CLAP hears, as the Python library makes it: of a longer one the
 * first part (it takes one at random), a shorter one repeated as often as it fits whole. The package
 * would repeat it too seldom.
 */
function fitted(samples: Float32Array, length: number, padding: string | undefined): Float32Array {
  if (samples.length >= length) return samples.subarray(0, length)
  const fitted = new Float32Array(length)
  const copies = /^repeat/.test(padding ?? '') ? Math.floor(length / samples.length) : 1
  for (let copy = 0; copy < copies; copy++) fitted.set(samples, copy * samples.length)
  if (padding === 'repeat') {
    const end = copies * samples.length
    fitted.set(samples.subarray(0, length - end), end)
  }
  return fitted
}
