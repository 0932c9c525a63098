/** Zero crossings of the sinc on each side of its centre, and Kaiser's beta: about 90 dB down. */
const CROSSINGS = 32
const BETA = 9

/** The pass band ends here, as a share of the lower of the two Nyquist frequencies. */
const ROLL_OFF = 0.95

/** More coefficients than this are computed as they are used, not kept. */
const MOST_KEPT = 1 << 22

/**
 * Band-limited resampling by a windowed-sinc polyphase filter (Smith, "Digital Audio Resampling",
 * CCRMA; Kaiser window): the low-pass is set below the lower of the two Nyquist frequencies, so
 * nothing folds over when the rate goes down. `samples` at `from` per second become ceil(n to/from)
 * samples at `to` per second; beyond its ends the sound is silence.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples
  const divisor = greatestCommonDivisor(from, to)
  const up = to / divisor
  const down = from / divisor
  // Cut-off in cycles per input sample, and the reach of the filter in input samples.
  const cutoff = (ROLL_OFF * Math.min(1, to / from)) / 2
  const reach = Math.ceil(CROSSINGS / (2 * cutoff))
  const taps = 2 * reach
  const output = new Float32Array(Math.ceil((samples.length * up) / down))
  const phases = new Array<Float64Array | undefined>(up)
  const keep = up * taps <= MOST_KEPT
  for (let index = 0; index < output.length; index++) {
    const phase = (index * down) % up
    const centre = (index * down - phase) / up
    let filter = phases[phase]
    if (!filter) {
      filter = phaseFilter(phase / up, reach, cutoff)
      if (keep) phases[phase] = filter
    }
    const first = centre - reach + 1
    const start = Math.max(0, -first)
    const end = Math.min(taps, samples.length - first)
    let sum = 0
    for (let tap = start; tap < end; tap++) sum += samples[first + tap]! * filter[tap]!
    output[index] = sum
  }
  return output
}

/** Coefficients for a place `shift` (0..1) behind an input sample; they add up to 1 (no hum at DC). */
function phaseFilter(shift: number, reach: number, cutoff: number): Float64Array {
  const filter = new Float64Array(2 * reach)
  let sum = 0
  for (let tap = 0; tap < filter.length; tap++) {
    const distance = tap - reach + 1 - shift
    filter[tap] = sinc(2 * cutoff * distance) * kaiser(distance / reach)
    sum += filter[tap]!
  }
  return filter.map(value => value / sum)
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

const kaiser = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA)

/** The modified Bessel function of the first kind and order 0, by its power series. */
const bessel = (x: number): number => {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b)
