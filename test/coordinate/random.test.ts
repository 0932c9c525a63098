import t from 'tap'
import {
  bits,
  dropoutMask,
  key,
  normal,
  permutation,
  Purpose,
  uniform,
  wordKey,
} from '../../lib/coordinate/random.js'

const N = 40_000
const many = (draw: (i: number) => number): Float64Array =>
  Float64Array.from({ length: N }, (_, i) => draw(i))
const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length

/** Pearson's correlation. */
function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)]
  const product = mean(x.map((a, i) => (a - mx) * (y[i]! - my)))
  const spread = (z: Float64Array, m: number): number => Math.sqrt(mean(z.map(a => (a - m) ** 2)))
  return product / (spread(x, mx) * spread(y, my))
}

t.test('draws are evenly spread, and a sequence says nothing of its neighbours', async t => {
  const sequence = key(7, Purpose.order, 3)
  const draws = many(i => uniform(sequence, i))
  t.ok(draws.every(x => x >= 0 && x < 1))
  const counts = new Array<number>(64).fill(0)
  for (const x of draws) counts[Math.floor(x * 64)]!++
  const chi = counts.reduce((sum, n) => sum + (n - N / 64) ** 2 / (N / 64), 0)
  t.ok(chi > 30 && chi < 110, `chi squared of 64 cells: ${chi.toFixed(1)}`)
  const neighbours: [string, Float64Array][] = [
    ['the next draw', many(i => uniform(sequence, i + 1))],
    ['the next epoch', many(i => uniform(key(7, Purpose.order, 4), i))],
    ['the next seed', many(i => uniform(key(8, Purpose.order, 3), i))],
    ['another purpose', many(i => uniform(key(7, Purpose.dropout, 3), i))],
    ['words the other way round', many(i => uniform(key(3, Purpose.order, 7), i))],
  ]
  for (const [what, other] of neighbours)
    t.ok(Math.abs(correlation(draws, other)) < 0.02, `${what}: ${correlation(draws, other)}`)
  for (let bit = 0; bit < 32; bit++) {
    const share = mean(many(i => (bits(sequence, i) >>> bit) & 1))
    t.ok(Math.abs(share - 0.5) < 0.012, `bit ${bit}: ${share}`)
  }
})

t.test('a draw is a function of its integers and of nothing drawn before', async t => {
  const sequence = key(1, Purpose.view, wordKey('photo'), 5)
  const forwards = Array.from({ length: 100 }, (_, i) => bits(sequence, i))
  const backwards = Array.from({ length: 100 }, (_, i) => bits(sequence, 99 - i)).toReversed()
  t.same(forwards, backwards)
  t.equal(new Set(forwards).size, 100)
  t.same(permutation(50, sequence), permutation(50, sequence))
  // Written down once: a stored model must come out the same with every later version.
  t.same(
    [bits(key(0), 0), bits(key(0, 1), 0), bits(key(2 ** 40 + 1, 2, 3), 4), wordKey('photo')],
    WRITTEN,
  )
})

const WRITTEN = [2168313518, 4222466733, 1374061528, 2166822627]

t.test('keys differ for every seed, small or large', async t => {
  const seeds = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, Number.MAX_SAFE_INTEGER]
  t.equal(new Set(seeds.map(seed => key(seed, 1))).size, seeds.length)
  const keys = new Set<number>()
  for (let seed = 0; seed < 20; seed++)
    for (let purpose = 1; purpose < 6; purpose++)
      for (let epoch = 0; epoch < 40; epoch++) keys.add(key(seed, purpose, epoch))
  t.equal(keys.size, 20 * 5 * 40)
  t.equal(new Set(Object.values(Purpose)).size, Object.keys(Purpose).length)
})

t.test('normal numbers are normal', async t => {
  const draws = many(i => normal(key(3, Purpose.initialise), i))
  t.ok(draws.every(Number.isFinite))
  const m = mean(draws)
  const moment = (p: number): number => mean(draws.map(x => (x - m) ** p))
  t.ok(Math.abs(m) < 0.02, `mean ${m}`)
  t.ok(Math.abs(moment(2) - 1) < 0.03, `variance ${moment(2)}`)
  t.ok(Math.abs(moment(3)) < 0.06, `skewness ${moment(3)}`)
  t.ok(Math.abs(moment(4) - 3) < 0.15, `kurtosis ${moment(4)}`)
})

t.test('a permutation holds every number once, each as often in each place', async t => {
  for (const n of [0, 1, 2, 17])
    t.same(
      [...permutation(n, key(n))].toSorted((a, b) => a - b),
      [...Array(n).keys()],
    )
  const places = Array.from({ length: 5 }, () => new Array<number>(5).fill(0))
  for (let epoch = 0; epoch < 5000; epoch++)
    permutation(5, key(0, Purpose.order, epoch)).forEach((x, at) => places[at]![x]!++)
  for (const counts of places)
    for (const count of counts) t.ok(Math.abs(count - 1000) < 150, `${count} of 1000`)
})

t.test('dropout drops its share and keeps the mean', async t => {
  for (const p of [0, 0.1, 0.25, 0.5, 0.9]) {
    const mask = dropoutMask(new Float32Array(N + 3), p, key(1, Purpose.dropout))
    const dropped = mask.filter(x => x === 0).length / mask.length
    t.ok(Math.abs(dropped - p) < 0.01, `${dropped} for ${p}`)
    t.equal(new Set(mask).size, p === 0 ? 1 : 2)
    t.ok(Math.abs(mean(mask) - 1) < 0.04, `mean ${mean(mask)} for ${p}`)
  }
  const pair = [1, 2].map(i => dropoutMask(new Float32Array(N), 0.5, key(1, Purpose.dropout, i)))
  t.ok(Math.abs(correlation(Float64Array.from(pair[0]!), Float64Array.from(pair[1]!))) < 0.02)
  const columns = [0, 1, 2, 3].map(j => Float64Array.from(pair[0]!.filter((_, i) => i % 4 === j)))
  for (const j of [1, 2, 3])
    t.ok(Math.abs(correlation(columns[0]!, columns[j]!)) < 0.03, 'four of one word')
})
