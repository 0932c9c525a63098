import { powerSpectrum } from './fft.js'
import { melFilters } from './mel.js'

export const RATE = 16000
const WINDOW = 400
const HOP = 160
const SIZE = 512

/** Below this power (-100 dB of full scale) everything is silence. */
const FLOOR = 1e-10

/**
 * The logarithms of mel band powers, frames x bands, of a sound at 16 kHz: frames of 25 ms every
 * 10 ms (a shorter sound is filled up with silence to one frame), periodic Hann window, power
 * spectrum of 512 points, natural logarithm.
 */
export function logMel(bands: number): (samples: Float32Array) => Float64Array {
  const filters = melFilters(bands, RATE, SIZE)
  const spectrum = powerSpectrum(SIZE)
  const window = Float64Array.from(
    { length: WINDOW },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / WINDOW),
  )
  // The window lies in the middle of the points; where it lies does not change the power.
  const frame = new Float64Array(SIZE)
  const power = new Float64Array(SIZE / 2 + 1)
  return samples => {
    const frames = Math.max(1, 1 + Math.floor((samples.length - WINDOW) / HOP))
    const result = new Float64Array(frames * bands)
    for (let index = 0; index < frames; index++) {
      const start = index * HOP
      const end = Math.min(WINDOW, samples.length - start)
      for (let at = 0; at < end; at++) frame[at] = samples[start + at]! * window[at]!
      frame.fill(0, end)
      spectrum(frame, power)
      for (let band = 0; band < bands; band++) {
        const { first, weights } = filters[band]!
        let sum = 0
        for (let at = 0; at < weights.length; at++) sum += weights[at]! * power[first + at]!
        result[index * bands + band] = Math.log(Math.max(sum, FLOOR))
      }
    }
    return result
  }
}

/**
 * Cepstral coefficients: the orthonormal DCT-II of each frame's bands, the first `count` of them
 * (Davis & Mermelstein 1980).
 */
export function cepstrum(bands: number, count: number): (logMels: Float64Array) => Float64Array {
  const basis = Float64Array.from({ length: count * bands }, (_, at) => {
    const k = Math.floor(at / bands)
    const scale = Math.sqrt((k === 0 ? 1 : 2) / bands)
    return scale * Math.cos((Math.PI * k * (2 * (at % bands) + 1)) / (2 * bands))
  })
  return logMels => {
    const frames = logMels.length / bands
    const result = new Float64Array(frames * count)
    for (let index = 0; index < frames; index++) {
      for (let k = 0; k < count; k++) {
        let sum = 0
        for (let band = 0; band < bands; band++) {
          sum += basis[k * bands + band]! * logMels[index * bands + band]!
        }
        result[index * count + k] = sum
      }
    }
    return result
  }
}
