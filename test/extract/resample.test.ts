import { readFileSync } from 'node:fs'
import t from 'tap'
import { resample } from '../../lib/extract/sound/resample.js'

interface Reference {
  from: number
  to: number
  /** Every 101st sample of a sweep resampled by librosa (soxr_hq), away from the ends. */
  sweep: number[]
  /** Frequencies of tones as shares of the lower Nyquist frequency, and their gains in dB. */
  shares: number[]
  soxr: number[]
  scipy: number[]
}

/** By test/crosscheck/resample.py. */
const reference = JSON.parse(
  readFileSync('test/extract/samples/resample.json', 'utf8'),
) as Reference[]

const EDGE = 1500

const sound = (rate: number, phase: (seconds: number) => number): Float32Array =>
  Float32Array.from({ length: rate / 2 }, (_, n) => Math.sin(2 * Math.PI * phase(n / rate)))

const middle = (samples: Float32Array): Float32Array => samples.subarray(EDGE, -EDGE)

/** What is left of a tone, in dB. */
function gain(hertz: number, from: number, to: number): number {
  const samples = middle(
    resample(
      sound(from, t => hertz * t),
      from,
      to,
    ),
  )
  return 10 * Math.log10((2 * samples.reduce((sum, value) => sum + value ** 2, 0)) / samples.length)
}

for (const { from, to, sweep, shares, soxr, scipy } of reference) {
  const nyquist = Math.min(from, to) / 2

  t.test(`${from} to ${to} Hz: a sweep is that of librosa, to 1e-3`, async t => {
    const samples = middle(
      resample(
        sound(from, t => 0.85 * nyquist * t * t),
        from,
        to,
      ),
    )
    const apart = sweep.map((value, at) => Math.abs(value - samples[101 * at]!))
    t.ok(Math.max(...apart) < 1e-3, `${Math.max(...apart)}`)
  })

  t.test(`${from} to ${to} Hz: ripple below librosa's and SciPy's, nothing folds`, async t => {
    const gains = shares.map(share => gain(share * nyquist, from, to))
    const ripple = (gains: readonly number[]) =>
      Math.max(...gains.filter((_, at) => shares[at]! <= 0.85).map(Math.abs))
    t.ok(ripple(gains) <= 1e-3, `${ripple(gains)} dB up to 0.85 of Nyquist`)
    t.ok(ripple(gains) <= Math.max(ripple(soxr), 1e-3) && ripple(gains) < ripple(scipy))
    const [near, peers] = [gains, scipy].map(each => each[shares.indexOf(0.9)]!)
    t.ok(near! > peers!, `${near} dB at 0.9 of it, SciPy ${peers}`)
    gains.forEach((found, at) => {
      if (shares[at]! < 1) return
      t.ok(found < -90 && found < scipy[at]!, `${found} dB at ${shares[at]}, SciPy ${scipy[at]}`)
    })
  })
}
