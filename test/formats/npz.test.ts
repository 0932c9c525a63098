import fc from 'fast-check'
import { zipSync } from 'fflate'
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { NumericArray, TextArray } from '../../lib/formats/array.js'
import { memoryRange } from '../../lib/formats/byte-range.js'
import { openNpz } from '../../lib/formats/npz.js'
import { damage, isCivil, numbersOf } from './check.js'

const sample = (name: string): Buffer => readFileSync(`test/formats/samples/${name}.npz`)
const open = (bytes: Uint8Array, selector?: string) =>
  openNpz(memoryRange('x.npz', bytes), selector, false)

t.test("NumPy's own archives, stored and compressed", async t => {
  const grid = [0, 1, 2, 3, 4, 5]
  t.same(await numbersOf((await open(sample('stored'), 'a')) as NumericArray), grid)
  t.same(await numbersOf((await open(sample('stored'), 'b')) as NumericArray), grid)
  t.same(await numbersOf((await open(sample('packed'), 'a')) as NumericArray), grid)
  t.same(((await open(sample('packed'), 'names')) as TextArray).texts, ['x', 'yy', '日本'])
})

t.test('the file is closed with its array, stored or compressed', async t => {
  for (const name of ['stored', 'packed']) {
    let closed = 0
    const range = memoryRange('x.npz', sample(name), async () => void closed++)
    const array = await openNpz(range, 'a', false)
    t.equal(closed, 0, 'not before')
    await array.close()
    t.equal(closed, 1, name)
  }
})

t.test('a choice is asked for with names and shapes', async t => {
  await t.rejects(open(sample('stored')), {
    message: /holds 2 arrays: a \(3x2 >i4\), b \(3x2 <f2\)/,
    exit: 65,
  })
  await t.rejects(open(sample('stored'), 'c'), { message: /no array 'c'/, exit: 65 })
})

t.test('sizes that lie are found before anything is allocated', async t => {
  const bytes = Buffer.from(zipSync({ 'a.npy': Buffer.alloc(4000) }))
  const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  const lie = Buffer.from(bytes)
  lie.writeUInt32LE(0x7fffffff, directory + 24)
  await t.rejects(open(lie, 'a'), { message: /claims to hold 2147483647/, exit: 65 })
  const small = Buffer.from(bytes)
  small.writeUInt32LE(100, directory + 24)
  await t.rejects(open(small, 'a'), { message: /cannot be unpacked|lies/, exit: 65 })
  const changed = sample('stored')
  changed[changed.indexOf('NUMPY') + 130]! ^= 1
  await t.rejects(open(changed, 'a'), { message: /checksum/, exit: 65 })
})

t.test('damaged archives are read or refused, never anything else', async t => {
  const places = fc.record({
    at: fc.array(fc.nat(600), { maxLength: 3 }),
    to: fc.array(fc.nat(255), { minLength: 1, maxLength: 3 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  await fc.assert(
    fc.asyncProperty(places, fc.constantFrom('stored', 'packed'), (how, name) =>
      isCivil(async () => numbersOf((await open(damage(sample(name), how), 'a')) as NumericArray)),
    ),
    { seed: 3, numRuns: 400 },
  )
  t.pass('400 damaged files')
})
