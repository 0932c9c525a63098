import fc from 'fast-check'
import t from 'tap'
import type { Cells } from '../../lib/stream/arrow/cells.js'
import { decodeModality } from '../../lib/stream/decode-modality.js'
import { encodeModality } from '../../lib/stream/encode-modality.js'
import { withoutUnsound } from '../../lib/stream/forgive.js'
import { viewAs } from '../../lib/stream/number-format.js'
import type { ModalityField } from '../../lib/stream/types.js'
import { columnsOf, item, type Item, sampleSchema } from './sample.js'

type Name = 'photo' | 'words' | 'captions' | 'nested'
const NAMES: Name[] = ['photo', 'words', 'captions', 'nested']

const row = (r: number) => `row ${r}`
const fieldOf = (name: Name) => sampleSchema().modalities.find(f => f.name === name)!
const encode = (items: readonly Item[], field: ModalityField): Cells =>
  encodeModality(columnsOf(items).modalities[field.name as Name], field, row)

/** The numbers at the bottom of a column, to write to. */
const numbersOf = (column: Cells): Float32Array => {
  let inner = column
  while (inner.children.length > 0) inner = inner.children[0]!
  return viewAs('float32', inner.data) as Float32Array
}

/** The item that owns number i of the column, by counting. */
const ownerOf = (items: readonly Item[], name: Name, i: number): number => {
  let before = 0
  return items.findIndex(item => {
    const absent = name === 'photo' ? [0, 0] : []
    before += [item[name] ?? absent].flat(3).length
    return i < before
  })
}

t.test('a row with a number that is none is read as if it lacked the modality', async t => {
  const bad = fc.constantFrom(NaN, Infinity, -Infinity)
  const items = fc.array(item, { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.property(fc.constantFrom(...NAMES), items, bad, fc.nat(), (name, items, value, at) => {
      const field = fieldOf(name)
      const column = encode(items, field)
      const numbers = numbersOf(column)
      if (numbers.length === 0) return
      const i = at % numbers.length
      const hit = ownerOf(items, name, i)
      numbers[i] = value
      const told: number[] = []
      const found = decodeModality(
        withoutUnsound(column, field, r => told.push(r)),
        field,
        row,
      )
      const lacking = items.map((item, r) => (r === hit ? { ...item, [name]: null } : item))
      t.same(found, decodeModality(encode(lacking, field), field, row))
      t.same(told, items[hit]![name] === null ? [] : [hit], 'told once, unless it was absent')
    }),
    { numRuns: 200 },
  )
})

t.test('a sound column passes as it is', async t => {
  const items: Item[] = fc.sample(item, { numRuns: 5, seed: 1 })
  for (const name of NAMES) {
    const column = encode(items, fieldOf(name))
    t.equal(
      withoutUnsound(column, fieldOf(name), () => t.fail(name)),
      column,
    )
  }
})
