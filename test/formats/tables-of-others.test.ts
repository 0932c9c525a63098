import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openArray } from '../../lib/formats/array-file.js'
import { openRange } from '../../lib/formats/byte-range.js'
import { openParquet } from '../../lib/formats/parquet/table.js'
import { openArrowTable, type CellTable } from '../../lib/stream/cell-table.js'
import { openSource } from '../../lib/stream/source.js'
import { valueReader, type PlainValue } from '../../lib/stream/values.js'
import { root } from '../sandbox.js'

const folder = join(root, 'test/formats/samples/tables')
type Row = Record<string, PlainValue>
const expected = readFileSync(join(folder, 'values.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Row)
const columns = Object.keys(expected[0]!)

const rowsOf = async (table: CellTable): Promise<Row[]> => {
  const rows: Row[] = []
  const types = columns.map(name => table.columns.find(column => column.name === name)!.type)
  for await (const { rows: count, cells } of table.batches(columns)) {
    const read = cells.map((column, i) => valueReader(column, types[i]!))
    for (let slot = 0; slot < count; slot++)
      rows.push(Object.fromEntries(columns.map((name, i) => [name, read[i]!(slot)])))
  }
  return rows
}

/** A table, and what closes it. */
const open = async (path: string): Promise<[CellTable, () => Promise<void>]> => {
  if (!path.endsWith('.parquet'))
    return [await openArrowTable(path, () => openSource(path)), async () => {}]
  const table = await openParquet(await openRange(path))
  return [table, () => table.close()]
}

const files = readdirSync(folder).filter(
  file => /\.(parquet|feather|arrows?)$/.test(file) && !file.startsWith('numbers.'),
)

t.test('tables of pyarrow, polars, pandas and DuckDB are read as they were written', async t => {
  t.ok(files.length > 20, `${files.length} files`)
  for (const file of files) {
    const [table, close] = await open(join(folder, file))
    t.same(await rowsOf(table), expected, file)
    await close()
  }
})

t.test('a Parquet file whose footer does not name a column is damaged', async t => {
  const bytes = readFileSync(join(folder, 'duckdb.parquet'))
  const name = bytes.lastIndexOf('\x18\x05small', bytes.indexOf('small', 1200), 'latin1')
  // In Thrift's compact protocol: the field 4, which is the name, becomes the field 10.
  bytes[name] = 0x78
  const path = join(t.testdir({ 'nameless.parquet': bytes }), 'nameless.parquet')
  const message = /nameless.parquet: damaged: .*a column without a name/
  const range = await openRange(path)
  await t.rejects(openParquet(range), { exit: 65, message })
  await range.close()
})

t.test('a column of a table is an array', async t => {
  const text = { kind: 'text', rows: 40, shape: [40] }
  for (const file of ['pyarrow-groups.parquet', 'chunks.feather', 'pyarrow.arrows']) {
    const path = join(folder, file)
    const ids = await openArray(path, { selector: 'id', transpose: false })
    t.match(ids, { ...text, texts: expected.map(({ id }) => id) }, file)
    const small = await openArray(path, { selector: 'small', transpose: false })
    if (small.kind !== 'numeric') throw new Error('numbers are wanted')
    const values = new Float64Array(5)
    await small.read(20, values)
    t.same([...values], [0, 1, 2, 3, 4], 'rows from the middle')
    await small.read(3, values)
    t.same([...values], [-17, -16, -15, -14, -13], 'and then from before')
    await small.close()
    const vectors = await openArray(path, { selector: 'vector', transpose: false })
    if (vectors.kind !== 'numeric') throw new Error('numbers are wanted')
    t.same(vectors.shape, [40, 3])
    const three = new Float32Array(9)
    await vectors.read(0, three)
    t.same(
      [...three],
      expected.slice(0, 3).flatMap(({ vector }) => vector),
    )
    await t.rejects(vectors.read(2, three), { exit: 65, message: /row 3 has no value/ })
    await vectors.close()
    await t.rejects(openArray(path, { selector: 'nosuch', transpose: false }), {
      exit: 65,
      message: /no array 'nosuch': it holds id \(text\)/,
    })
  }
})

t.test('tensors of the reference are read, each by its name', async t => {
  const path = join(folder, 'numbers.safetensors')
  for (const selector of ['f16', 'f32', 'f64']) {
    const array = await openArray(path, { selector, transpose: false })
    if (array.kind !== 'numeric') throw new Error('numbers are wanted')
    const values = new Float32Array(12)
    await array.read(0, values)
    t.same(
      [...values],
      Array.from({ length: 12 }, (_, i) => i / 8),
      selector,
    )
    await array.close()
  }
  await t.rejects(openArray(path, { transpose: false }), { message: /holds 6 arrays/ })
})
