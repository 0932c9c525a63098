import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { FileArray, NumericArray } from '../../lib/formats/array.js'
import { memoryRange } from '../../lib/formats/byte-range.js'
import { openMat } from '../../lib/formats/mat.js'
import { damage, isCivil, numbersOf } from './check.js'

const sample = (name: string): Buffer => readFileSync(`test/formats/samples/${name}.mat`)
const open = (bytes: Uint8Array, selector?: string, transpose = false): Promise<FileArray> =>
  openMat(memoryRange('x.mat', bytes), selector, transpose)
const numbers = async (bytes: Uint8Array, selector?: string, transpose = false) =>
  numbersOf((await open(bytes, selector, transpose)) as NumericArray)

const GRID = [0, 1, 2, 3, 4, 5]

for (const name of ['plain', 'packed']) {
  t.test(`what SciPy writes, ${name}`, async t => {
    const bytes = sample(name)
    t.same(await numbers(bytes, 'X.0'), GRID, 'a cell of uint16')
    t.same(
      await numbers(bytes, 'X.1'),
      GRID.map(value => value / 2),
    )
    t.same(await numbers(bytes, 'X.0', true), [0, 2, 4, 1, 3, 5], 'features x items')
    t.same(await numbers(bytes, 'single'), GRID)
    t.same(
      await numbers(bytes, 'bytes'),
      GRID.map(value => value - 3),
    )
    t.same(await numbers(bytes, 'long'), GRID)
    t.same(await numbers(bytes, 'truth'), [0, 0, 0, 1, 1, 1])
    t.same(await numbers(bytes, 'sparse'), [0, 0, 7.5, 0, -1, 0, 2, 0, 0, 0, 0, 0])
    t.same(await numbers(bytes, 'sparse', true), [0, 0, 2, 0, 0, -1, 0, 0, 7.5, 0, 0, 0])
    t.same(
      await numbers(bytes, 's.gist'),
      GRID.map(value => value + 0.25),
    )
    t.same(await numbers(bytes, 's.inner.deep'), [0, 2, 4, 1, 3, 5])
    const cube = (await open(bytes, 'cube')) as NumericArray
    t.same([cube.rows, cube.dim], [2, 12])
    t.same(
      await numbersOf(cube),
      Array.from({ length: 24 }, (_, at) => at),
    )
    t.match(await open(bytes, 'names'), { kind: 'text', texts: ['art', 'biology', 'ñandú'] })
    t.match(await open(bytes, 'word'), { kind: 'text', texts: ['hello'] })
    await t.rejects(open(bytes, 'complex'), { message: /complex double/, exit: 65 })
    await t.rejects(open(bytes, 'X.2'), { message: /no array 'X\.2'/, exit: 65 })
    await t.rejects(open(bytes), {
      message: /holds 13 arrays: X\.0 \(3x2 uint16\), X\.1 \(3x2 double\), names \(3x1 cell\)/,
      exit: 65,
    })
  })
}

t.test('the only array of a file needs no name', async t => {
  t.same(await numbers(sample('one')), GRID)
})

/** A 1 x 2 matrix of doubles in a big-endian file, by hand. */
const bigEndian = (): Buffer => {
  const words = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4)
    values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4))
    return bytes
  }
  const data = Buffer.alloc(16)
  data.writeDoubleBE(1.5, 0)
  data.writeDoubleBE(-2, 8)
  const matrix = Buffer.concat([
    words(6, 8, 6, 0, 5, 8, 1, 2),
    words((1 << 16) | 1),
    Buffer.from('v\0\0\0'),
    words(9, 16),
    data,
  ])
  const header = Buffer.alloc(128, ' ')
  header.write('MATLAB 5.0 MAT-file')
  header.writeUInt16BE(0x0100, 124)
  header.write('MI', 126)
  return Buffer.concat([header, words(14, matrix.length), matrix])
}

t.test('big-endian files', async t => {
  t.same(await numbers(bigEndian(), 'v'), [1.5, -2])
})

t.test('a version 7.3 file is refused with what to do', async t => {
  const hdf5 = Buffer.alloc(600, 0)
  hdf5.write('MATLAB 7.3 MAT-file, Platform: GLNXA64')
  await t.rejects(open(hdf5), { message: /HDF5/, hint: /-v7/, exit: 65 })
  await t.rejects(open(Buffer.from('text')), { message: /not a MATLAB level 5 file/, exit: 65 })
})

t.test('claims of 2^31 cells are known to be false without a loop', async t => {
  const bytes = sample('plain')
  // The shape of X, 1 x 2, follows its array flags.
  const shape = bytes.indexOf(Buffer.from([5, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]))
  bytes.writeInt32LE(0x7fffffff, shape + 12)
  await t.rejects(open(bytes, 'X.0'), { message: /claims 2147483647 cells/, exit: 65 })
})

t.test('damaged files are read or refused, never anything else', async t => {
  const how = fc.record({
    at: fc.array(fc.integer({ min: 128, max: 1900 }), { maxLength: 3 }),
    to: fc.array(fc.constantFrom(0, 1, 2, 5, 9, 14, 15, 127, 255), { minLength: 1, maxLength: 3 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  const selectors = fc.constantFrom('X.0', 'sparse', 's.inner.deep', 'names', 'cube', undefined)
  await fc.assert(
    fc.asyncProperty(how, selectors, fc.constantFrom('plain', 'packed'), (change, selector, name) =>
      isCivil(async () => {
        const array = await open(damage(sample(name), change), selector)
        if (array.kind === 'numeric' && array.rows * array.dim < 1e6) await numbersOf(array)
      }),
    ),
    { seed: 4, numRuns: 800 },
  )
  t.pass('800 damaged files')
})
