import fc from 'fast-check'
import t from 'tap'
import { readWav } from '../../lib/formats/wav.js'
import { damage, isCivil } from './check.js'

interface Shape {
  tag?: number
  channels?: number
  rate?: number
  bits: number
  extensible?: boolean
}

/** A WAV file around the bytes of its samples. */
function wav(
  data: Buffer,
  { tag = 1, channels = 1, rate = 8000, bits, extensible }: Shape,
): Buffer {
  const format = Buffer.alloc(extensible ? 40 : 16)
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE((rate * channels * bits) / 8, 8)
  format.writeUInt16LE((channels * bits) / 8, 12)
  format.writeUInt16LE(bits, 14)
  if (extensible) format.writeUInt16LE(tag, 24)
  const chunk = (id: string, bytes: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.write(id)
    head.writeUInt32LE(bytes.length, 4)
    return Buffer.concat([head, bytes, Buffer.alloc(bytes.length & 1)])
  }
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    chunk('LIST', Buffer.from('odd')),
    chunk('data', data),
  ])
  const head = Buffer.from('RIFF\0\0\0\0')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

const WANTED = [0, 0.5, -1, 0.25]
const near = (a: ArrayLike<number>, b: readonly number[], error: number) =>
  a.length === b.length && b.every((value, at) => Math.abs(a[at]! - value) <= error)

t.test('every usual encoding gives the same samples', async t => {
  for (const bits of [8, 16, 24, 32]) {
    const width = bits / 8
    const data = Buffer.alloc(width * WANTED.length)
    WANTED.forEach((value, at) => {
      if (bits === 8) data[at] = 128 + value * 128
      else data.writeIntLE(value * 2 ** (bits - 1), at * width, width)
    })
    t.same([...readWav(wav(data, { bits }), 'x').samples], WANTED, `${bits} bits`)
    t.same([...readWav(wav(data, { bits, extensible: true }), 'x').samples], WANTED, 'extensible')
  }
  const floats = Buffer.from(Float32Array.from(WANTED).buffer)
  t.same([...readWav(wav(floats, { bits: 32, tag: 3 }), 'x').samples], WANTED)
  const doubles = Buffer.from(Float64Array.from(WANTED).buffer)
  t.same([...readWav(wav(doubles, { bits: 64, tag: 3 }), 'x').samples], WANTED)
})

t.test('G.711: the ends and the middle of both laws (ITU-T G.711, tables 1 and 2)', async t => {
  const mu = readWav(wav(Buffer.from([0x00, 0x80, 0xff, 0x7f]), { bits: 8, tag: 7 }), 'x').samples
  t.ok(near(mu, [-32124 / 32768, 32124 / 32768, 0, 0], 1e-7))
  const a = readWav(wav(Buffer.from([0xaa, 0x2a, 0xd5, 0x55]), { bits: 8, tag: 6 }), 'x').samples
  t.ok(near(a, [32256 / 32768, -32256 / 32768, 8 / 32768, -8 / 32768], 1e-7))
})

t.test('channels are mixed to one', async t => {
  const data = Buffer.alloc(8)
  ;[16384, -16384, 8192, 24576].forEach((value, at) => data.writeInt16LE(value, at * 2))
  const sound = readWav(wav(data, { bits: 16, channels: 2, rate: 44100 }), 'x')
  t.same([...sound.samples], [0, 0.5])
  t.equal(sound.rate, 44100)
})

t.test('what lies or is no sound is refused', async t => {
  const good = wav(Buffer.alloc(20), { bits: 16 })
  const lying = Buffer.from(good)
  lying.writeUInt32LE(0x7fffffff, good.length - 24)
  const refused: [RegExp, Buffer][] = [
    [/cut short: 2147483647 bytes of sound claimed, 20 are there/, lying],
    [/cut short/, good.subarray(0, good.length - 2)],
    [/no data chunk/, good.subarray(0, 40)],
    [/no samples/, wav(Buffer.alloc(0), { bits: 16 })],
    [/not a WAV file/, Buffer.from('ID3')],
    [/encoding 85 with 16 bits/, wav(Buffer.alloc(4), { bits: 16, tag: 85 })],
    [/4294967295 samples per second/, wav(Buffer.alloc(4), { bits: 8, rate: 2 ** 32 - 1 })],
    [/not finite/, wav(Buffer.from(Float32Array.of(NaN).buffer), { bits: 32, tag: 3 })],
  ]
  for (const [message, bytes] of refused) t.throws(() => readWav(bytes, 'x'), { message, exit: 65 })
})

t.test('damaged files are read or refused, never anything else', async t => {
  const good = wav(Buffer.alloc(24), { bits: 16, channels: 2 })
  const how = fc.record({
    at: fc.array(fc.nat(60), { maxLength: 4 }),
    to: fc.array(fc.nat(255), { minLength: 1, maxLength: 4 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  await fc.assert(
    fc.asyncProperty(how, change => isCivil(() => readWav(Buffer.from(damage(good, change)), 'x'))),
    { seed: 8, numRuns: 1000 },
  )
  t.pass('1000 damaged files')
})
