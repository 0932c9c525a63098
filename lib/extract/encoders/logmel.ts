import { badUsage } from '../../error.js'
import { readSound } from '../sound/read-sound.js'
import { cepstrum, logMel, RATE } from '../sound/log-mel.js'
import { resample } from '../sound/resample.js'
import { statistics } from '../sound/statistics.js'
import { encodeEach } from './each.js'
import type { EncoderRequest, MadeEncoder } from './types.js'

/** A sound's log-mel spectrum, or its cepstral coefficients with `mfcc`, summed up over time. */
export async function openEncoder({ options }: EncoderRequest): Promise<MadeEncoder> {
  const bands = options.integer('bands', 40, { min: 4, max: 128 })
  const parts = options.integer('parts', 4, { min: 1, max: 256 })
  const mfcc = options.flag('mfcc')
  const count = mfcc ? options.integer('count', 20, { min: 1, max: 128 }) : bands
  if (count > bands) throw badUsage(`${options.where}: ${count} coefficients of ${bands} bands`)
  const spectrum = logMel(bands)
  const shorten = mfcc ? cepstrum(bands, count) : undefined
  return {
    address: options.address('logmel'),
    dim: parts * 4 * count,
    layout: 'vector',
    encode: items =>
      encodeEach(items, async item => {
        if (!('path' in item)) throw new TypeError('logmel takes files')
        const { rate, samples } = await readSound(item)
        const frames = spectrum(resample(samples, rate, RATE))
        return statistics(shorten ? shorten(frames) : frames, count, parts)
      }),
    close: async () => {},
  }
}
