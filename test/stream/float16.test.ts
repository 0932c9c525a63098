import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { decodeHalves, encodeHalves } from '../../lib/stream/float16.js'

const all = Uint16Array.from({ length: 65536 }, (_, half) => half)
const values = decodeHalves(all)

t.test('halves that matter have their values', async t => {
  const known: [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 2 ** -14 - 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
  ]
  for (const [half, value] of known) t.ok(Object.is(values[half], value), `${value}`)
  t.ok(Number.isNaN(values[0x7e00]))
})

t.test('every half survives the way to float32 and back', async t => {
  const numbers = all.filter(half => !Number.isNaN(values[half]))
  t.strictSame(encodeHalves(decodeHalves(numbers)), numbers)
})

/** The nearest half by search: of two at the same distance the one whose last bit is 0. */
const nearest = (value: number): number => {
  const size = Math.abs(value)
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  if (size >= 65520) return sign | 0x7c00
  let low = 0
  let high = 0x7c00
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (values[middle]! <= size) low = middle
    else high = middle
  }
  const above = high === 0x7c00 ? 65536 : values[high]!
  const [down, up] = [size - values[low]!, above - size]
  return sign | (down < up || (down === up && low % 2 === 0) ? low : high)
}

t.test('numbers go to the nearest half, ties to even', async t => {
  const middles = Array.from(
    { length: 0x7bff },
    (_, half) => (values[half]! + values[half + 1]!) / 2,
  )
  for (const value of middles)
    if (encodeHalves(Float32Array.of(value))[0] !== nearest(value)) return t.fail(`${value}`)
  const float = fc.float({ noNaN: true, min: -70000, max: 70000 })
  const small = fc.float({ noNaN: true, min: Math.fround(-0.001), max: Math.fround(0.001) })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.oneof(float, small), async value =>
        assert.equal(encodeHalves(Float32Array.of(value))[0], nearest(value)),
      ),
      { numRuns: 5000, seed: 1 },
    ),
  )
})

t.test('NaN stays NaN', async t => {
  t.ok(Number.isNaN(decodeHalves(encodeHalves(Float32Array.of(NaN)))[0]))
})
