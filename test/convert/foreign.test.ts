import { zipSync } from 'fflate'
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { root, shell } from '../programs/program.js'
import { convertFile, temporary } from './converted.js'

/** What other programs wrote, some of it of kinds that no stream holds. */
const TABLES = 'test/formats/samples/tables'
const { folder, remove } = temporary()
t.teardown(remove)

const wanted = { modalities: ['vector'], columns: ['label'] }
const rows = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as unknown)

const expected = rows(`${TABLES}/values.jsonl`).map(row => {
  const { id, label, vector } = row as Record<string, unknown>
  // A text with nothing in it is missing, as in every manifest.
  return { id, label: label || null, vector }
})

t.test('only what was chosen needs to be readable', async t => {
  const to = `${folder}/chosen.jsonl`
  for (const file of ['pyarrow.arrows', 'chunks.feather', 'duckdb.parquet']) {
    await t.rejects(convertFile(`${TABLES}/${file}`, to), { exit: 65, message: /column 'words'/ })
    await convertFile(`${TABLES}/${file}`, to, { choice: wanted })
    t.same(rows(to), expected, file)
    const misspelt = { modalities: ['vectr'], columns: [] }
    await t.rejects(convertFile(`${TABLES}/${file}`, to, { choice: misspelt }), {
      exit: 65,
      message: /no column 'vectr'/,
      hint: /words/,
    })
  }
})

t.test('an archive with an array of objects: the others can be chosen', async t => {
  const npy = (descr: string, shape: string, data: Uint8Array) => {
    const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`
    const head = Buffer.from(`\x93NUMPY\x01\0\0\0${text.padEnd(117)}\n`, 'latin1')
    head.writeUInt16LE(head.length - 10, 8)
    return Buffer.concat([head, data])
  }
  const numbers = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)
  const path = `${folder}/objects.npz`
  writeFileSync(
    path,
    zipSync({
      'a.npy': npy('<f4', '2, 2', numbers),
      'o.npy': npy('|O', '2,', Buffer.alloc(40)),
    }),
  )
  const to = `${folder}/a.jsonl`
  await t.rejects(convertFile(path, to), { exit: 65, message: /::o\.npy/ })
  await convertFile(path, to, { choice: { modalities: ['a'], columns: [] } })
  t.same(rows(to), [
    { id: '0', a: [1, 2] },
    { id: '1', a: [3, 4] },
  ])
})

t.test('Arrow of other programs is the same through a pipe as from a file', async t => {
  const convert = `"${process.execPath}" "${root}dist/bin/pcm-convert.js" -q --no-pg --to jsonl`
  for (const [file, options] of [
    [`${TABLES}/numbers.feather`, ''],
    [`${TABLES}/polars-lz4.arrows`, '-m vector -c label'],
  ] as const) {
    const plain = await shell(`${convert} ${options} '${file}'`, root)
    t.equal(plain.status, 0, plain.stderr)
    const piped = await shell(`cat '${file}' | ${convert} ${options}`, root)
    t.same(piped.stdout.toString(), plain.stdout.toString(), file)
  }
})
