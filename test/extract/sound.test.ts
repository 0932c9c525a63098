import { readFileSync } from 'node:fs'
import t from 'tap'
import { powerSpectrum } from '../../lib/extract/sound/fft.js'
import { cepstrum, logMel } from '../../lib/extract/sound/log-mel.js'
import { melFilters } from '../../lib/extract/sound/mel.js'
import { resample } from '../../lib/extract/sound/resample.js'
import { statistics } from '../../lib/extract/sound/statistics.js'

/** Values of librosa, by test/crosscheck/sound.py. */
const librosa = JSON.parse(readFileSync('test/extract/samples/sound.json', 'utf8')) as Record<
  'frames' | 'mfcc',
  number[][]
> &
  Record<'mel' | 'melPeak', number[]>

const sine = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * hertz * n) / rate),
  )

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(b, (value, at) => Math.abs(a[at]! - value)))

t.test('the power spectrum is that of the sum it stands for', t => {
  const frame = Float64Array.from({ length: 16 }, (_, n) => Math.sin(n * n) + (n % 3))
  const power = new Float64Array(9)
  powerSpectrum(16)(frame, power)
  const direct = Array.from(power, (_, k) => {
    let [re, im] = [0, 0]
    frame.forEach((value, n) => {
      re += value * Math.cos((2 * Math.PI * k * n) / 16)
      im += value * Math.sin((2 * Math.PI * k * n) / 16)
    })
    return re * re + im * im
  })
  t.ok(largest(power, direct) < 1e-9)
  t.end()
})

t.test('mel filters are those of librosa', t => {
  const filters = melFilters(40, 16000, 512)
  const sums = filters.map(({ weights }) => weights.reduce((sum, weight) => sum + weight, 0))
  t.ok(largest(sums, librosa.mel) < 1e-6)
  const peaks = filters.map(({ first, weights }) => first + weights.indexOf(Math.max(...weights)))
  t.same(peaks, librosa.melPeak)
  t.end()
})

t.test('log-mel frames and cepstra are those of librosa', t => {
  const sound = Float32Array.from({ length: 4000 }, (_, n) => {
    const s = n / 16000
    const sweep = 0.5 * Math.sin(2 * Math.PI * (300 * s + 3000 * s * s))
    return sweep + 0.1 * Math.sin(2 * Math.PI * 3500 * s) + (n === 1000 ? 0.7 : 0)
  })
  // librosa centres the window of 400 samples in the 512 points of its frame.
  const frames = logMel(40)(sound.subarray(56))
  const mfcc = cepstrum(40, 13)(frames)
  ;[0, 5, 10].forEach((frame, at) => {
    t.ok(largest(frames.subarray(frame * 40), librosa.frames[at]!) < 1e-3, `frame ${frame}`)
    t.ok(largest(mfcc.subarray(frame * 13), librosa.mfcc[at]!) < 1e-3, `cepstrum ${frame}`)
  })
  t.end()
})

t.test('resampling keeps what the new rate can hold, to 1e-3', t => {
  for (const rate of [8000, 11025, 22050, 44100, 48000]) {
    const result = resample(sine(1000, rate, 0.25), rate, 16000)
    const wanted = sine(1000, 16000, 0.25)
    t.equal(result.length, 4000, `${rate}: length`)
    // Away from the ends, beyond which there is silence.
    t.ok(largest(result.subarray(500, 3500), wanted.subarray(500, 3500)) < 1e-3, `${rate}: wave`)
  }
  t.end()
})

t.test(
  'resampling lets nothing fold over: what the new rate cannot hold is gone, 80 dB down',
  t => {
    for (const [hertz, rate] of [
      [9000, 44100],
      [12000, 48000],
      [20000, 48000],
    ] as const) {
      const result = resample(sine(hertz, rate, 0.25), rate, 16000).subarray(500, 3500)
      t.ok(Math.max(...result.map(Math.abs)) < 1e-4, `${hertz} Hz`)
    }
    t.end()
  },
)

t.test('rates without a common divisor are as good', t => {
  const result = resample(sine(440, 44101, 0.1), 44101, 16000)
  t.ok(largest(result.subarray(300, 1300), sine(440, 16000, 0.1).subarray(300, 1300)) < 1e-3)
  t.end()
})

t.test('statistics over time: mean, deviation, then of slopes; parts of a ramp', t => {
  const ramp = Float64Array.from({ length: 16 }, (_, n) => (n % 2 ? 5 : n / 2))
  const [part, second] = [statistics(ramp, 2, 1), statistics(ramp, 2, 2)]
  t.ok(largest(part.subarray(0, 4), [3.5, 5, Math.sqrt(5.25), 0]) < 1e-6)
  t.equal(part[5], 0, 'a constant has no slope')
  t.ok(largest([second[0]!, second[8]!], [1.5, 5.5]) < 1e-6)
  t.same(statistics(Float64Array.of(1, 2), 2, 3).length, 24, 'one frame fills three parts')
  t.end()
})
