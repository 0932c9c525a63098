import fc from 'fast-check'
import t from 'tap'
import type { NumericArray } from '../../lib/formats/array.js'
import { memoryRange } from '../../lib/formats/byte-range.js'
import { openNpy } from '../../lib/formats/npy.js'
import { damage, isCivil, numbersOf } from './check.js'

/** A `.npy` file as NumPy's documentation describes it; elements are given in file order. */
function npy(
  descr: string,
  shape: readonly number[],
  values: readonly number[],
  fortran = false,
): Buffer {
  const size = Number(descr.slice(2))
  const data = Buffer.alloc(values.length * size)
  values.forEach((value, at) => put(data.subarray(at * size, (at + 1) * size), descr, value))
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const order = fortran ? 'True' : 'False'
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`
  const header = Buffer.from(text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n')
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0])
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, header, data])
}

function put(into: Buffer, descr: string, value: number): void {
  const type = descr[1] === 'f' ? 'Float' : descr[1] === 'i' ? 'Int' : 'Uint'
  const bits = into.length * 8
  const view = new DataView(into.buffer, into.byteOffset, into.length)
  const little = descr[0] !== '>'
  if (bits === 64 && type !== 'Float') view.setBigInt64(0, BigInt(value), little)
  else if (type === 'Float' && bits === 64) view.setFloat64(0, value, little)
  else if (type === 'Float' && bits === 32) view.setFloat32(0, value, little)
  else if (bits === 16) view.setUint16(0, value & 0xffff, little)
  else if (bits === 32) view.setUint32(0, value >>> 0, little)
  else view.setUint8(0, value & 0xff)
}

const open = async (bytes: Uint8Array, transpose = false) =>
  (await openNpy(memoryRange('x.npy', bytes), transpose)) as NumericArray

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 })
const types = fc.constantFrom(
  '|i1',
  '|u1',
  '<i2',
  '>i2',
  '<u2',
  '<i4',
  '>i4',
  '<i8',
  '>i8',
  '<f4',
  '>f4',
  '<f8',
  '>f8',
)

t.test(
  'every element is found, in any type, byte order, order of axes and orientation',
  async t => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        types,
        fc.boolean(),
        fc.boolean(),
        async (shape, type, fortran, transpose) => {
          const count = shape.reduce((product, length) => product * length, 1)
          // Element k in C order is worth k, wherever its file puts it.
          const order = Array.from({ length: count }, (_, place) => indexOf(place, shape, fortran))
          const array = await open(npy(type, shape, order, fortran), transpose)
          const wide = transpose && shape.length > 1
          const rows = shape.length === 0 ? 1 : wide ? shape.at(-1)! : shape[0]!
          const dim = count / rows
          t.same([array.rows, array.dim], [rows, dim])
          const expected = Array.from({ length: count }, (_, at) =>
            wide ? (at % dim) * rows + Math.floor(at / dim) : at,
          )
          t.same(await numbersOf(array), expected)
        },
      ),
      { seed: 1, numRuns: 120 },
    )
  },
)

/** The number in C order of the element at a place in the file. */
const indexOf = (place: number, shape: readonly number[], fortran: boolean): number => {
  if (!fortran) return place
  const index = shape.map(length => {
    const at = place % length
    place = Math.floor(place / length)
    return at
  })
  return index.reduce((sum, at, axis) => sum * shape[axis]! + at, 0)
}

t.test('half precision: subnormal, infinite and negative values', async t => {
  const bits = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000]
  const bytes = npy('<u2', [6], bits)
  bytes.write('<f2', bytes.indexOf('<u2'))
  t.same(await numbersOf(await open(bytes)), [1, -2, 2 ** -24, 65504, Infinity, -0])
})

t.test('rows are read from the middle without the rest', async t => {
  const array = await open(npy('<f4', [5, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  const into = new Float32Array(4)
  await array.read(3, into)
  t.same([...into], [6, 7, 8, 9])
})

t.test('what is no array of numbers is refused with words', async t => {
  const refused: [RegExp, Buffer][] = [
    [/not a \.npy file/, Buffer.from('hello, this is text')],
    [/needs|need 24 bytes/, npy('<f4', [3, 2], [1, 2, 3])],
    [/'\|O8'/, npy('|O8', [1], [1])],
    [/'<c16'/, npy('<c16', [0], [])],
    [/too large/, npy('<f4', [2 ** 31, 2 ** 31], [])],
    [/need \d+ bytes/, npy('<f4', [2 ** 31], [])],
  ]
  const evil = npy('<f4', [1], [1])
  evil.write('__import__', evil.indexOf("'descr'"))
  refused.push([/not the dict/, evil])
  for (const [message, bytes] of refused) {
    await t.rejects(open(bytes), { message, exit: 65 })
  }
})

t.test('damaged bytes are read or refused, never anything else', async t => {
  const whole = npy(
    '<f8',
    [3, 4],
    Array.from({ length: 12 }, (_, at) => at),
  )
  await fc.assert(
    fc.asyncProperty(damages, how =>
      isCivil(async () => numbersOf(await open(damage(whole, how)))),
    ),
    { seed: 2, numRuns: 500 },
  )
  t.pass('500 damaged files')
})

const damages = fc.record({
  at: fc.array(fc.nat(127), { maxLength: 4 }),
  to: fc.array(fc.constantFrom(0, 1, 39, 40, 41, 44, 48, 57, 127, 255), {
    minLength: 1,
    maxLength: 4,
  }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
})
