import { tableFromArrays, tableToIPC } from '@uwdata/flechette'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { pcmConvert } from '../convert/converted.js'
import { archive } from '../formats/archive.js'
import { collect } from './collect.js'

/** Whatever holds the items, shard I of N has the same ones, and all shards together have each once. */
const ROWS = 23
const rows = Array.from({ length: ROWS }, (_, row) => ({
  id: `i${String(row).padStart(2, '0')}`,
  text: `text ${row}`,
  kind: `k${row % 3}`,
}))

const folder = t.testdir({
  files: Object.fromEntries(rows.map(({ id, text }) => [`${id}.txt`, text])),
})

const put = (name: string, bytes: Uint8Array | string): string => {
  const path = `${folder}/${name}`
  writeFileSync(path, bytes)
  return path
}

const separated = (by: string): string =>
  [['id', 'text', 'kind'], ...rows.map(({ id, text, kind }) => [id, text, kind])]
    .map(cells => `${cells.join(by)}\n`)
    .join('')

const column = (name: 'id' | 'text' | 'kind') => rows.map(row => row[name])

const csv = put('m.csv', separated(','))

const arrow = put(
  'm.arrows',
  tableToIPC(
    tableFromArrays({ id: column('id'), text: column('text'), kind: column('kind') }),
    {},
  )!,
)
await pcmConvert([arrow, '-o', `${folder}/m.parquet`])

const TABLES: Record<string, string> = {
  csv,
  'csv.gz': put('m.csv.gz', gzipSync(separated(','))),
  tsv: put('m.tsv', separated('\t')),
  jsonl: put('m.jsonl', rows.map(row => JSON.stringify(row)).join('\n')),
  arrow,
  parquet: `${folder}/m.parquet`,
}

const tar = put(
  'm.tar',
  await archive(
    rows.flatMap(({ id, text, kind }) => [
      { name: `${id}.txt`, bytes: text },
      { name: `${id}.cls`, bytes: kind },
    ]),
  ),
)

/** The same 23 x 2 numbers in every file of arrays. */
const values = Float32Array.from({ length: ROWS * 2 }, (_, at) => at / 2)

const npy = (): Buffer => {
  const head =
    `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS}, 2), }`.padEnd(117) + '\n'
  const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1')
  start.writeUInt16LE(head.length, 8)
  return Buffer.concat([start, Buffer.from(head), Buffer.from(values.buffer)])
}

const idx = (): Buffer => {
  const bytes = Buffer.alloc(12 + 4 * values.length)
  bytes.writeUInt32BE(0x0d02, 0)
  bytes.writeUInt32BE(ROWS, 4)
  bytes.writeUInt32BE(2, 8)
  values.forEach((value, at) => bytes.writeFloatBE(value, 12 + 4 * at))
  return bytes
}

/** MATLAB's matrices go column by column. */
const mat = (): Buffer => {
  const words = (...numbers: number[]) => Buffer.from(Int32Array.from(numbers).buffer)
  const across = Float32Array.from(
    values,
    (_, at) => values[(at % ROWS) * 2 + (at >= ROWS ? 1 : 0)]!,
  )
  const matrix = Buffer.concat([
    words(6, 8, 7, 0, 5, 8, ROWS, 2, 1 | (1 << 16)),
    Buffer.from('v\0\0\0'),
    words(7, across.byteLength),
    Buffer.from(across.buffer),
  ])
  const header = Buffer.alloc(128, ' ')
  header.write('MATLAB 5.0 MAT-file')
  header.writeUInt16LE(0x0100, 124)
  header.write('IM', 126)
  return Buffer.concat([header, words(14, matrix.length), matrix])
}

const safetensors = (): Buffer => {
  const head = JSON.stringify({
    v: { dtype: 'F32', shape: [ROWS, 2], data_offsets: [0, values.byteLength] },
  })
  const length = Buffer.alloc(8)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, Buffer.from(head), Buffer.from(values.buffer)])
}

const ARRAYS: Record<string, string> = {
  npy: put('a.npy', npy()),
  npz: `${put('a.npz', zipSync({ 'v.npy': npy() }))}::v`,
  idx: put('a.idx', idx()),
  mat: `${put('a.mat', mat())}::v`,
  safetensors: `${put('a.safetensors', safetensors())}::v`,
}

type Found = Awaited<ReturnType<typeof collect>>
type Take = (shard?: string) => Promise<Found>

/** What a shard has: ids, and the numbers of its modality. */
const contentOf = ({ batches, values }: Found) => ({
  ids: values('id') as string[],
  numbers: batches.flatMap(({ modalities }) => {
    const cells = (modalities as Record<string, any>)['x'] ?? {}
    return [...(cells.values ?? cells.codes)] as number[]
  }),
})

const whole = (take: Take) => take().then(contentOf)

/** The ids of every shard, after checking that together they are the whole, each item once. */
async function divided(t: Test, take: Take, count: number): Promise<string[][]> {
  const { ids, numbers } = await whole(take)
  const shards = []
  for (let index = 1; index <= count; index++)
    shards.push(contentOf(await take(`${index}/${count}`)))
  t.same(
    shards.flatMap(shard => shard.ids),
    ids,
    `${count} shards`,
  )
  t.same(
    shards.flatMap(shard => shard.numbers),
    numbers,
  )
  return shards.map(shard => shard.ids)
}

const counts = fc.sample(fc.integer({ min: 1, max: ROWS }), { seed: 19, numRuns: 2 })

t.test('tables: CSV, TSV, JSON Lines, Parquet and Arrow are divided alike', async t => {
  for (const count of [...counts, ROWS]) {
    const expected = await divided(
      t,
      shard => collect(csv, ['x=text:text@ngram,dim=16'], { shard }),
      count,
    )
    t.same(expected.flat(), column('id'))
    for (const [kind, path] of Object.entries(TABLES)) {
      const found = await divided(t, shard => collect(path, ['x=category:kind'], { shard }), count)
      t.same(found, expected, kind)
    }
  }
})

t.test('an archive and a directory are divided as a table of their items is', async t => {
  for (const count of counts) {
    const expected = await divided(t, shard => collect(csv, ['x=category:kind'], { shard }), count)
    t.same(await divided(t, shard => collect(tar, ['x=category:cls'], { shard }), count), expected)
    const files = await divided(
      t,
      shard => collect(`${folder}/files`, ['x=text:path@ngram,dim=16'], { shard }),
      count,
    )
    t.same(
      files,
      expected.map(ids => ids.map(id => `${id}.txt`)),
    )
  }
})

t.test('arrays: npy, npz, IDX, MATLAB and safetensors are divided alike', async t => {
  for (const count of counts) {
    const found = []
    for (const [kind, address] of Object.entries(ARRAYS)) {
      const take: Take = shard => collect('-', [`x=vector:${address}`], { shard })
      found.push(await divided(t, take, count))
      t.same((await whole(take)).numbers, [...values], kind)
    }
    for (const shards of found) t.same(shards, found[0])
  }
})

t.test('a table beside an array: each row keeps its own numbers', async t => {
  const address = [`x=vector:${ARRAYS['npy']}`]
  for (const count of counts) await divided(t, shard => collect(csv, address, { shard }), count)
})
