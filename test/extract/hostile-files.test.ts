import { readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import t from 'tap'
import type { OnError } from '../../lib/extract/bad-items.js'
import { gunzipBounded } from '../../lib/formats/gunzip.js'
import { collect } from './collect.js'

/** Manifests and arrays that are wrong as a whole: they end the run, whatever --on-error says. */
const folder = t.testdir({})
const put = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(`${folder}/${name}`, bytes)
  return `${folder}/${name}`
}
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const TABLES = 'test/formats/samples/tables'

/** 320 MB of nothing in 320 kB, as gzip members end to end. */
const bomb = (): Buffer => {
  const member = gzipSync(Buffer.alloc(1 << 24))
  return Buffer.concat(new Array<Buffer>(20).fill(member))
}

type Refused = [kind: string, message: RegExp, path: () => string]

const MANIFESTS: Refused[] = [
  [
    'a CSV with a quote that never ends',
    /record 2: a quote is opened/,
    () => put('q.csv', 'id,t\na,"x\nb,y\n'),
  ],
  ['a CSV with text after a quote', /line 2/, () => put('r.csv', 'id,t\na,"x"y\n')],
  ['a CSV with NUL bytes', /line 3: NUL/, () => put('n.csv', 'id,t\na,x\nb,\0\n')],
  ['a JSON Lines file with NUL bytes', /line 2: NUL/, () => put('n.jsonl', '{"t":"x"}\n\0\n')],
  [
    'a line of Latin-1 in UTF-8',
    /line 3: not UTF-8/,
    () => put('l.csv', Buffer.concat([Buffer.from('id,t\na,é\n'), latin1('b,é\n')])),
  ],
  ['a table in UTF-16', /UTF-16 text, expected UTF-8/, () => put('u.csv', utf16('id,t\na,x\n'))],
  [
    'UTF-8 that ends within a letter',
    /not UTF-8/,
    () => put('e.csv', Buffer.concat([Buffer.from('id,t\na,'), Buffer.from('é').subarray(0, 1)])),
  ],
  [
    '10 MB on one JSON line',
    /line 1: longer than 8 MiB/,
    () => put('long.jsonl', `{"t":"${'x'.repeat(10e6)}"}\n`),
  ],
  [
    'JSON nested 100,000 deep',
    /line 1/,
    () => put('deep.jsonl', `{"t":${'['.repeat(1e5)}${']'.repeat(1e5)}}\n`),
  ],
  ['a Parquet file that is a text', /Parquet/i, () => put('text.parquet', 'id,t\na,x\n')],
  [
    'a Parquet file that is an Arrow file',
    /Parquet/i,
    () => link('arrow.parquet', `${TABLES}/numbers.feather`),
  ],
  [
    'gzip cut short',
    /gzip data cut short/,
    () => put('cut.csv.gz', gzipSync('id,t\na,x\n'.repeat(99)).subarray(0, 30)),
  ],
]

function link(name: string, target: string): string {
  symlinkSync(`${process.cwd()}/${target}`, `${folder}/${name}`)
  return `${folder}/${name}`
}

const LARGE: Refused[] = [
  [
    '20 MB in one CSV cell',
    /line 2: a record longer than 16 MiB/,
    () => put('long.csv', `id,t\na,${'x'.repeat(20e6)}\n`),
  ],
  ['gzip that grows a thousandfold', /gzip that grows/, () => put('bomb.csv.gz', bomb())],
]

const refuses = ([kind, message, path]: Refused, policies: readonly OnError[]) =>
  t.test(kind, async t => {
    const input = path()
    const before = readdirSync(folder)
    for (const onError of policies)
      await t.rejects(collect(input, ['x=text:t'], { onError }), { exit: 65, message }, onError)
    t.same(readdirSync(folder), before, 'nothing is written')
  })

for (const manifest of MANIFESTS) refuses(manifest, ['fail', 'skip', 'null'])
for (const manifest of LARGE) refuses(manifest, ['skip'])

const WRONG_TYPES: [kind: string, path: string, address: string][] = [
  ['a Parquet column of texts as vectors', 'pandas.parquet', 'x=vector:label'],
  ['a Parquet column of lists as a category', 'numbers.parquet', 'x=category:vector'],
]

for (const [kind, path, address] of WRONG_TYPES)
  t.test(`${kind}: refused, or every item is counted`, async t => {
    const input = `${TABLES}/${path}`
    await t.rejects(collect(input, [address]), { exit: 65, message: /row 0.*expected/ })
    for (const onError of ['skip', 'null'] as const) {
      const { batches } = await collect(input, [address], { onError })
      const bad = batches.flatMap(batch => batch.bad)
      t.ok(bad.length > 0 && bad.every(({ modality }) => modality === 'x'), onError)
    }
  })

/** An .npz of a MiB of nothing, whose directory says that it holds `size` bytes. */
function npz(size: number): Buffer {
  const bytes = Buffer.from(zipSync({ 'a.npy': Buffer.alloc(1 << 20) }))
  bytes.writeUInt32LE(size, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 24)
  return bytes
}

t.test('an npz that claims more than deflate can hold, or another size than it has', async t => {
  for (const [name, size, message] of [
    ['claims.npz', 2 ** 32 - 2, /claims to hold/],
    ['more.npz', 2 ** 19, /cannot be unpacked/],
    ['less.npz', (1 << 20) + 1, /lies about its size/],
  ] as const) {
    const path = put(name, npz(size))
    await t.rejects(collect('-', [`x=vector:${path}::a`]), { exit: 65, message }, name)
  }
})

t.test('gzip of an array is unpacked up to a limit', async t => {
  t.equal(gunzipBounded(gzipSync(Buffer.alloc(1000)), 'a.idx.gz', 1000).length, 1000)
  t.throws(() => gunzipBounded(gzipSync(Buffer.alloc(1001)), 'a.idx.gz', 1000), {
    exit: 65,
    message: /^a\.idx\.gz: gzip that cannot be unpacked/,
  })
})
