import {
  columnFromArray,
  fixedSizeList,
  float64,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette'
import t from 'tap'
import { buildSchema } from '../../lib/stream/arrow/build-schema.js'
import { ArrowWriter } from '../../lib/stream/arrow/arrow-writer.js'
import { encodeModality } from '../../lib/stream/encode-modality.js'
import { encodeTexts } from '../../lib/stream/encode-other.js'
import type { ModalityColumn, ModalityField, StreamSchema } from '../../lib/stream/types.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink } from './memory.js'
import { readAll, sampleSchema } from './sample.js'

const [PHOTO, , WORDS, , , CLASS] = sampleSchema().modalities as [
  ModalityField,
  ModalityField,
  ModalityField,
  ModalityField,
  ModalityField,
  ModalityField,
]

const vectors = (values: number[], absent: number[] = []): ModalityColumn => {
  const present = new Uint8Array(values.length / 2).fill(1)
  for (const row of absent) present[row] = 0
  return { layout: 'vector', dim: 2, values: Float32Array.from(values), present }
}

const schemaOf = (field: ModalityField): StreamSchema => ({
  ...sampleSchema(),
  modalities: [field],
  others: [{ name: 'id', type: 'text', nullable: false, metadata: new Map() }],
})

const idsOf = (rows: number) => Array.from({ length: rows }, (_, row) => `id${row}`)

/** A stream whose schema promises `field` but whose values were checked against `honest` only. */
const broken = async (field: ModalityField, honest: ModalityField, column: ModalityColumn) => {
  const sink = memorySink()
  const rows = column.present.length
  const writer = new ArrowWriter(sink, buildSchema(schemaOf(field)))
  const name = (row: number) => `row ${row}`
  await writer.write(rows, [encodeTexts(idsOf(rows)), encodeModality(column, honest, name)])
  await writer.finish([])
  return sink.bytes()
}

/** What the writer says about the values. */
const write = async (field: ModalityField, column: ModalityColumn) => {
  const rows = column.present.length
  const stream = createStream(memorySink(), schemaOf(field))
  const others = { id: { layout: 'other' as const, values: idsOf(rows) } }
  await stream.write({ rows, modalities: { [field.name]: column }, others })
}

t.test('NaN and infinity are refused with column, row and place, written or read', async t => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const message = `column 'photo': row 1: value 0 is ${bad}, expected a finite number`
    await t.rejects(write(PHOTO, vectors([1, 2, bad, 4])), { message, exit: 65 })
    const rows = columnFromArray(
      [
        [1, 2],
        [bad, 4],
      ],
      fixedSizeList(float64(), 2),
    )
    const table = tableFromColumns({ id: columnFromArray(['a', 'b'], utf8()), photo: rows })
    await t.rejects(readAll(tableToIPC(table, {})!), { message: `memory: ${message}`, exit: 65 })
  }
  await t.resolves(write(PHOTO, vectors([1, 2, NaN, NaN], [1])), 'absent rows are not looked at')
})

t.test('a double that is too large for float32 is refused, not made infinite', async t => {
  const rows = columnFromArray([[1e300, 2]], fixedSizeList(float64(), 2))
  const table = tableFromColumns({ id: columnFromArray(['a'], utf8()), photo: rows })
  await t.rejects(readAll(tableToIPC(table, {})!), { message: /row 0: value 0 is Infinity/ })
})

t.test('a number that is too large for Float16 is refused', async t => {
  const half = { ...PHOTO, float: 'float16' as const }
  await t.rejects(write(half, vectors([1, 2, 3, 65520])), {
    message: "column 'photo': row 1: value 1 is 65520, too large for Float16",
  })
  await t.resolves(write(half, vectors([65519, -65504])))
})

t.test('where unit vectors are promised, norms are checked', async t => {
  const unit = { ...PHOTO, unit: true }
  const good = vectors([1, 0, 0.6, 0.8, 0, 0], [2])
  await t.resolves(write(unit, good))
  await t.resolves(readAll(await broken(unit, PHOTO, good)))
  for (const [a, b] of [
    [3, 4],
    [0, 0],
    [1, 0.06],
  ]) {
    const bad = vectors([1, 0, a!, b!])
    const message = /column 'photo': row 1: norm .*, expected 1/
    await t.rejects(write(unit, bad), { message, exit: 65 })
    await t.rejects(readAll(await broken(unit, PHOTO, bad)), { message, exit: 65 })
  }
})

t.test(
  'vectors that their maker has checked are not looked at again, but by whoever reads',
  async t => {
    const unit = { ...PHOTO, unit: true }
    const bad = { ...vectors([1, 0, 3, 4]), checked: true } as const
    await t.resolves(write(unit, bad))
    await t.rejects(readAll(await broken(unit, PHOTO, bad)), { message: /row 1: norm/, exit: 65 })
  },
)

t.test('a bad vector among tokens is named by its row', async t => {
  const words: ModalityColumn = {
    layout: 'tokens',
    dim: 2,
    values: Float32Array.of(1, 2, 3, 4, NaN, 6),
    offsets: Int32Array.of(0, 1, 1, 3),
    present: Uint8Array.of(1, 0, 1),
  }
  await t.rejects(write(WORDS, words), {
    message: "column 'words': row 2: value 0 is NaN, expected a finite number",
  })
})

t.test('codes outside of the vocabulary are refused', async t => {
  const codes = (...codes: number[]): ModalityColumn => ({
    layout: 'category',
    codes: Int32Array.from(codes),
    present: new Uint8Array(codes.length).fill(1),
  })
  const message = "column 'class': row 1: code 2, expected 0 to 1"
  await t.rejects(write(CLASS, codes(1, 2)), { message, exit: 65 })
  const larger = { ...CLASS, vocabulary: ['a', 'b', 'c'] }
  await t.rejects(readAll(await broken(CLASS, larger, codes(1, 2))), {
    message: `memory: ${message}`,
  })
})

t.test('arrays that do not fit together are a mistake of the program', async t => {
  const short = { ...vectors([1, 2, 3, 4]), present: new Uint8Array(3) } as ModalityColumn
  await t.rejects(write(PHOTO, short), { name: 'Error' })
})
