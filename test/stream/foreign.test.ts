import {
  bool,
  columnFromArray,
  dictionary,
  fixedSizeList,
  float16,
  float32,
  float64,
  int32,
  int64,
  largeUtf8,
  list,
  struct,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
  timestamp,
  utf8,
} from '@uwdata/flechette'
import t from 'tap'
import { PcmError } from '../../lib/error.js'
import { readStream } from '../../lib/stream/read.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from './memory.js'
import { FEW_ITEMS, readAll, sampleBytes } from './sample.js'

type Columns = Parameters<typeof tableFromColumns>[0]

/** The bytes of an Arrow stream or file that flechette wrote. */
const foreign = (columns: Columns, format: 'stream' | 'file' = 'stream'): Uint8Array =>
  tableToIPC(tableFromColumns(columns), { format })!

const ids = columnFromArray(['a', 'b', 'c'], utf8())

t.test('another implementation reads what is written, to the last value', async t => {
  const table = tableFromIPC(await sampleBytes(FEW_ITEMS, [1]))
  t.equal(table.numRows, 2)
  t.equal(table.schema.metadata!.get('pcm.content'), 'features')
  const [one, two] = table.toArray() as Record<string, unknown>[]
  t.equal(one!.id, 'one')
  t.strictSame([...(one!.photo as Float32Array)], [1, 2])
  t.strictSame([...(one!.half as Iterable<number>)], [0.5, -0.25, 8])
  t.strictSame(listed(one!.captions), [
    [3, 4],
    [5, 6],
  ])
  t.strictSame(listed(one!.nested), [[[1], [2]], [[3]]])
  t.match(one, { class: 1, label: 'naïve', count: 7, score: 0.1, good: true })
  const { id, ...rest } = two!
  t.equal(id, 'two')
  t.ok(Object.values(rest).every(value => value === null))
})

const listed = (value: unknown): unknown =>
  value !== null && typeof value === 'object'
    ? Array.from(value as Iterable<unknown>, listed)
    : value

for (const format of ['stream', 'file'] as const)
  t.test(`what another implementation writes is read: ${format}`, async t => {
    const bytes = foreign(
      {
        id: ids,
        photo: columnFromArray([[1, 2], null, [3, 4]], fixedSizeList(float32(), 2)),
        half: columnFromArray([[1], [2], [0.5]], fixedSizeList(float16(), 1)),
        wide: columnFromArray([[0.1], [2], null], fixedSizeList(float64(), 1)),
        label: columnFromArray(['x', null, 'x'], dictionary(utf8(), int32())),
        large: columnFromArray(['é', '', null], largeUtf8()),
        good: columnFromArray([true, false, null], bool()),
        count: columnFromArray([1n, 2n ** 60n, null], int64()),
      },
      format,
    )
    const { schema, collected } = await readAll(bytes, 100)
    t.equal(schema.content, 'features')
    t.strictSame(
      schema.modalities.map(({ name, kind, layout, dim, float }) => [
        name,
        kind,
        layout,
        dim,
        float,
      ]),
      [
        ['photo', 'vector', 'vector', 2, 'float32'],
        ['half', 'vector', 'vector', 1, 'float16'],
        ['wide', 'vector', 'vector', 1, 'float32'],
      ],
    )
    t.match(collected.modalities.photo, { present: [1, 0, 1], values: [1, 2, 0, 0, 3, 4] })
    t.match(collected.modalities.half, { values: [1, 2, 0.5] })
    t.match(collected.modalities.wide, { values: [Math.fround(0.1), 2, 0], present: [1, 1, 0] })
    t.strictSame(collected.others.label!.values, ['x', null, 'x'])
    t.strictSame(collected.others.large!.values, ['é', '', null])
    t.strictSame(collected.others.good!.values, [true, false, null])
    t.strictSame(collected.others.count!.values, [1, 2n ** 60n, null])
  })

t.test('a file cut anywhere is refused', async t => {
  const bytes = foreign({ id: ids }, 'file')
  for (let length = 0; length < bytes.length; length++)
    await t.rejects(readAll(bytes.subarray(0, length)), /upstream ended early|empty|text/)
})

t.test('files joined by cat are refused', async t => {
  const bytes = foreign({ id: ids }, 'file')
  await t.rejects(readAll(Buffer.concat([bytes, bytes])), { message: /damaged: a file footer/ })
})

t.test('a damaged stream of another program is refused or read, never a crash', async t => {
  const bytes = foreign({
    id: ids,
    photo: columnFromArray([[1, 2], null, [3, 4]], fixedSizeList(float32(), 2)),
    label: columnFromArray(['x', null, 'x'], dictionary(utf8(), int32())),
    large: columnFromArray(['é', '', null], largeUtf8()),
    many: columnFromArray([['x', 'yy'], [], null], list(utf8())),
  })
  const crashes: string[] = []
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Uint8Array.from(bytes)
    damaged[at]! ^= at % 2 ? 0x81 : 0x01
    await readAll(damaged).catch((error: unknown) => {
      if (!(error instanceof PcmError) || error.exit !== 65) crashes.push(`byte ${at}: ${error}`)
    })
  }
  t.strictSame(crashes, [])
})

t.test('types that pcm cannot read pass through and keep their values', async t => {
  const bytes = foreign({
    id: ids,
    when: columnFromArray([new Date(1000), null, new Date(5)], timestamp()),
    nested: columnFromArray(
      [{ a: 1, b: 'x' }, null, { a: 2, b: 'y' }],
      struct({ a: int32(), b: utf8() }),
    ),
    many: columnFromArray([['x', 'yy'], [], null], list(utf8())),
  })
  const input = await readStream(memorySource(bytes))
  const sink = memorySink()
  const output = createStream(sink, input.schema)
  for await (const batch of input) {
    const rows = Int32Array.of(2, 0)
    await output.write({ rows: 2, from: batch.select(rows) })
  }
  await output.finish([input.summary()])
  const [first, second] = tableFromIPC(sink.bytes()).toArray() as Record<string, unknown>[]
  t.match(first, { id: 'c', when: 5, nested: { a: 2, b: 'y' }, many: null })
  t.match(second, { id: 'a', when: 1000, nested: { a: 1, b: 'x' }, many: ['x', 'yy'] })
})

t.test('ids: integers are taken as text; missing or null ones are refused', async t => {
  const { collected } = await readAll(foreign({ id: columnFromArray([10, 20], int32()) }))
  t.strictSame(collected.others.id!.values, ['10', '20'])
  const noId = foreign({ name: ids })
  await t.rejects(readAll(noId), { message: "memory: no column 'id' among name", exit: 65 })
  const hole = foreign({ id: columnFromArray(['a', null], utf8()) })
  await t.rejects(readAll(hole), { message: "memory: column 'id': row 1: no id", exit: 65 })
})

t.test('lists of vectors need an axis, and the hint says how', async t => {
  const lists = columnFromArray([[[1]], [[2], [3]], null], list(fixedSizeList(float32(), 1)))
  await t.rejects(readAll(foreign({ id: ids, words: lists })), {
    message: "memory: column 'words': lists of vectors without field metadata pcm.axis",
    hint: /tokens/,
  })
})
