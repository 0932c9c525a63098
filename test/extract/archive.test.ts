import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { archive, type ArchiveMember } from '../formats/archive.js'
import { collect } from './collect.js'

const WORLD = 'fixtures/world'
const lines = readFileSync(`${WORLD}/items.jsonl`, 'utf8').trim().split('\n').slice(0, 30)
const items = lines.map(line => JSON.parse(line)).filter(item => item.picture && item.sound)

const folder = t.testdir({})

const put = (name: string, bytes: Uint8Array | string): string => {
  const path = `${folder}/${name}`
  writeFileSync(path, bytes)
  return path
}

/** The things of the fixture as WebDataset would hold them. */
const members = (): ArchiveMember[] =>
  items.flatMap(({ id, picture, sound, captions, class: word }) => [
    { name: `./a.b/${id}.PNG`, bytes: readFileSync(`${WORLD}/${picture}`) },
    { name: `./a.b/${id}.wav`, bytes: readFileSync(`${WORLD}/${sound}`) },
    { name: `./a.b/${id}.txt`, bytes: `${captions?.[0] ?? ''}\n` },
    { name: `./a.b/${id}.cls`, bytes: word ?? '' },
    { name: `./a.b/${id}.json`, bytes: JSON.stringify({ captions: captions ?? null, n: 1 }) },
  ])

const ADDRESSES = ['p=image:png@hog,size=32', 's=audio:wav', 't=text:txt@ngram,dim=64']

t.test('an archive gives the features of the files that are in it', async t => {
  const tar = put('world.tar', await archive(members()))
  const found = await collect(tar, [...ADDRESSES, 'c=category:cls', 'v=text:json.captions'], {
    columns: ['n=json.n', 'key=__key__'],
  })
  const table = put(
    'same.jsonl',
    items
      .map(({ id, picture, sound, captions, class: word }) =>
        JSON.stringify({
          id: `./a.b/${id}`,
          png: `${process.cwd()}/${WORLD}/${picture}`,
          wav: `${process.cwd()}/${WORLD}/${sound}`,
          txt: captions?.[0],
          cls: word,
          captions,
        }),
      )
      .join('\n'),
  )
  const wanted = await collect(table, [...ADDRESSES, 'c=category:cls', 'v=text:captions'])
  t.ok(items.length > 15)
  t.same(found.batches[0]!.modalities, wanted.batches[0]!.modalities)
  t.same(found.values('id'), wanted.values('id'), 'the key names the item')
  t.same(new Set(found.values('n')), new Set([1]))
  const threads = await collect(tar, ADDRESSES.slice(0, 1), { threads: 2 })
  t.same(threads.first['p'], found.first['p'], 'also by other threads')
})

t.test('gzip, an unknown name, two archives end to end', async t => {
  const tar = await archive(members())
  const wanted = await collect(put('a.tar', tar), ADDRESSES)
  for (const path of [
    put('a.tgz', gzipSync(tar)),
    put('unnamed', tar),
    put('zipped', gzipSync(tar)),
  ])
    t.same((await collect(path, ADDRESSES)).first, wanted.first, path)
  const twice = await collect(put('b.tar', Buffer.concat([tar, tar])), ['t=text:txt'])
  t.equal(twice.values('id').length, 2 * items.length)
  await t.rejects(collect(put('cut.tgz', gzipSync(tar).subarray(0, 400)), ADDRESSES), {
    message: /cut\.tgz: gzip data cut short/,
    exit: 65,
  })
})

t.test('npy members are vectors, one axis, or views, two', async t => {
  const npy = (shape: string, values: number[]) => {
    const head =
      `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117) + '\n'
    return Buffer.concat([
      Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(head.length)}\0${head}`, 'latin1'),
      Buffer.from(Float32Array.from(values).buffer),
    ])
  }
  const tar = await archive([
    { name: 'a.npy', bytes: npy('2,', [1, 2]) },
    { name: 'a.views.npy', bytes: npy('2, 1', [3, 4]) },
    { name: 'b.npy', bytes: npy('2,', [5, 6]) },
    { name: 'b.views.npy', bytes: npy('1, 1', [7]) },
  ])
  const { first } = await collect(put('n.tar', tar), ['v=vector:npy', 'w=vector:views%2Enpy'])
  const { v, w } = first as Record<string, any>
  t.same([...v.values], [1, 2, 5, 6])
  t.same([w.layout, [...w.values], [...w.offsets]], ['views', [3, 4, 7], [0, 2, 3]])
})

const hostile = (): ArchiveMember[] => [
  { name: 'good.txt', bytes: 'a good text' },
  { name: '../../escaped.txt', bytes: 'up and out' },
  { name: '/tmp/pcm-absolute.txt', bytes: 'from the root' },
  { name: 'link.txt', type: 'symlink', linkname: '/etc/passwd' },
  { name: 'hard.txt', type: 'link', linkname: '../../etc/passwd' },
  { name: 'pipe.txt', type: 'fifo' },
  { name: 'latin.txt', bytes: Buffer.from('caf\xe9', 'latin1') },
  { name: 'twice.txt', bytes: 'one' },
  { name: 'twice.txt', bytes: 'two' },
  { name: 'last.txt', bytes: 'the last' },
]

t.test('names that lead out, links, devices and wrong bytes are bad items, one by one', async t => {
  const path = put('hostile.tar', await archive(hostile()))
  await t.rejects(collect(path, ['t=text:txt']), {
    message: /row 1 \(id '\.\.\/\.\.\/escaped'\): column 'txt': .*leads out of the archive/,
    exit: 65,
  })
  const { values, batches } = await collect(path, ['t=text:txt'], { onError: 'skip' })
  t.same(values('id'), ['good', 'last'])
  t.same(
    batches[0]!.bad.map(
      ({ message }) => /leads out|is a \S+|not UTF-8|there twice/.exec(message)?.[0],
    ),
    [
      'leads out',
      'leads out',
      'is a symlink,',
      'is a link,',
      'is a fifo,',
      'not UTF-8',
      'there twice',
    ],
  )
})

t.test('nothing is written outside, or anywhere', async t => {
  const folder = t.testdir({ inner: { deep: {} } })
  writeFileSync(`${folder}/inner/deep/h.tar`, await archive(hostile()))
  const before = readdirSync(folder, { recursive: true })
  const program = `${process.cwd()}/dist/bin/pcm-extract.js`
  const { status } = spawnSync(
    process.execPath,
    [program, 'h.tar', '-m', 't=text:txt', '--on-error', 'null', '-o', '/dev/null', '-q'],
    { cwd: `${folder}/inner/deep`, env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder } },
  )
  t.equal(status, 1)
  t.same(readdirSync(folder, { recursive: true }), before)
})

t.test('members that belong to no item are counted, an archive without any is refused', async t => {
  const told: string[] = []
  const warn = (text: string) => void told.push(text)
  const path = put(
    'left.tar',
    await archive([
      { name: 'folder', type: 'directory' },
      { name: 'folder/README' },
      { name: 'a.txt', bytes: 'x' },
      { name: '.hidden', bytes: 'x' },
    ]),
  )
  await collect(path, ['t=text:txt'], { warn })
  t.equal(told.length, 1, 'once, though the archive is read twice')
  t.match(told[0], /2 members without a key and an extension/)
  await t.rejects(collect(put('none.tar', await archive([{ name: 'README' }])), ['t=text:txt']), {
    message: /holds no members/,
    exit: 65,
  })
})
