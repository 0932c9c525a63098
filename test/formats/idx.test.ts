import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { openArray } from '../../lib/formats/array-file.js'
import type { NumericArray } from '../../lib/formats/array.js'
import { memoryRange } from '../../lib/formats/byte-range.js'
import { openIdx } from '../../lib/formats/idx.js'
import { damage, isCivil, numbersOf } from './check.js'

type Put =
  'writeUInt8' | 'writeInt8' | 'writeInt16BE' | 'writeInt32BE' | 'writeFloatBE' | 'writeDoubleBE'

const TYPES: readonly [code: number, size: number, put: Put][] = [
  [0x08, 1, 'writeUInt8'],
  [0x09, 1, 'writeInt8'],
  [0x0b, 2, 'writeInt16BE'],
  [0x0c, 4, 'writeInt32BE'],
  [0x0d, 4, 'writeFloatBE'],
  [0x0e, 8, 'writeDoubleBE'],
]

/** An IDX file as the page of MNIST describes it. */
function idx(shape: readonly number[], values: readonly number[], type = TYPES[0]!): Buffer {
  const [code, size, put] = type
  const head = Buffer.alloc(4 + 4 * shape.length)
  head[2] = code
  head[3] = shape.length
  shape.forEach((side, axis) => head.writeUInt32BE(side, 4 + 4 * axis))
  const data = Buffer.alloc(size * values.length)
  values.forEach((value, at) => data[put](value, at * size))
  return Buffer.concat([head, data])
}

const open = (bytes: Uint8Array, transpose = false) =>
  openIdx(memoryRange('x.idx', bytes), transpose)

t.test('every type and shape is read as it was written, gzipped or not', async t => {
  const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(shapes, fc.constantFrom(...TYPES), fc.boolean(), async (shape, type, zip) => {
      const count = shape.reduce((product, side) => product * side, 1)
      const values = Array.from({ length: count }, (_, at) => (at * 37) % 128)
      const bytes = idx(shape, values, type)
      const array = await open(zip ? gzipSync(bytes) : bytes)
      const same = JSON.stringify(await numbersOf(array)) === JSON.stringify(values)
      return same && array.rows === shape[0] && array.dim === count / shape[0]!
    }),
  )
  t.same(await numbersOf(await open(idx([2, 3], [1, 2, 3, 4, 5, 6]), true)), [1, 4, 2, 5, 3, 6])
})

t.test('files are known by the names that MNIST gives them', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'pcm-idx-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const name of ['t10k-labels-idx1-ubyte.gz', 't10k-labels.idx1-ubyte', 'a.idx', 'a.idx.gz']) {
    const path = join(folder, name)
    writeFileSync(path, name.endsWith('gz') ? gzipSync(idx([3], [7, 2, 1])) : idx([3], [7, 2, 1]))
    const array = (await openArray(path, { transpose: false })) as NumericArray
    t.same(await numbersOf(array), [7, 2, 1], name)
    await array.close()
  }
})

t.test('a header that lies, a bomb and damage are refused in a line', async t => {
  for (const bytes of [
    idx([0xffffffff, 0xffffffff, 0xffffffff], [1]),
    idx([2, 3], [1, 2, 3]),
    idx([], []),
    Buffer.alloc(0),
    gzipSync(Buffer.alloc(100)).subarray(0, 20),
  ])
    await t.rejects(open(bytes), { name: 'PcmError', message: /x\.idx/ })
  const places = fc.array(fc.nat(255), { minLength: 1, maxLength: 8 })
  const keep = fc.double({ min: 0, max: 1, noNaN: true })
  for (const sound of [
    idx([2, 3], [1, 2, 3, 4, 5, 6]),
    gzipSync(idx([2, 3], [1, 2, 3, 4, 5, 6])),
  ]) {
    const harmed = fc.record({ at: places, to: places, keep })
    await fc.assert(
      fc.asyncProperty(harmed, harm =>
        isCivil(async () => numbersOf(await open(damage(sound, harm)))),
      ),
    )
  }
})
