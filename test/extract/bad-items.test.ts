import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { npyHeader } from '../../lib/convert/arrays/npy-header.js'
import { keepRows } from '../../lib/extract/features/keep-rows.js'
import type { ModalityColumn } from '../../lib/stream/types.js'
import { collect } from './collect.js'
import { oneNode } from './onnx-model.js'

const broken = (name: string) => `${process.cwd()}/fixtures/broken/inputs/${name}`
const PICTURE = broken('picture.png')

const manifest = () => {
  const rows = [
    ['a', PICTURE, PICTURE, '1', '2', 'x'],
    ['b', broken('truncated.png'), PICTURE, '1', 'nan', 'y'],
    ['c', PICTURE, broken('huge.png'), '', '', 'x'],
    ['d', '', '', '3', '', 'z'],
    ['e', PICTURE, '', '5', '6', 'x'],
  ]
  const csv = ['id,p,q,v,w,k', ...rows.map(row => row.join(','))].join('\n')
  const folder = t.testdir({ 'm.csv': csv, words: 'x\nz\n' })
  return { path: `${folder}/m.csv`, words: `${folder}/words` }
}

const addresses = (words: string) => [
  'one=image:p@hog,size=16,cell=4',
  'two=image:p+q@hog,size=16,cell=4',
  'v=vector:v+w',
  `k=category:k,vocab=${words}`,
]

t.test('null: a bad item lacks the modality, all others keep theirs', async t => {
  const { path, words } = manifest()
  const { first, values, batches } = await collect(path, addresses(words), { onError: 'null' })
  const present = (name: string) => [...(first[name] as any).present]
  t.same(values('id'), ['a', 'b', 'c', 'd', 'e'])
  t.same(present('one'), [1, 0, 1, 0, 1])
  t.same(present('two'), [1, 0, 0, 0, 1], 'one bad view of two is a bad item')
  t.same(present('v'), [1, 0, 0, 0, 1])
  t.same(present('k'), [1, 0, 1, 1, 1])
  t.same(
    batches[0]!.bad.map(({ row, id, modality }) => `${row} ${id} ${modality}`),
    ['1 b one', '1 b two', '1 b v', '1 b k', '2 c two', '3 d v'],
    'listed in the order of the rows, each with its modality',
  )
  for (const { message } of batches[0]!.bad) t.match(message, /m\.csv: line \d \(id '.'\): /)
})

t.test('skip: a bad item is left out of every column, whatever the size of batches', async t => {
  const { path, words } = manifest()
  const whole = await collect(path, addresses(words), { onError: 'skip' })
  t.same(whole.values('id'), ['a', 'e'])
  const present = ['one', 'two', 'v', 'k'].map(name => [...(whole.first[name] as any).present])
  t.same(present, [
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ])
  const parts = await collect(path, addresses(words), { onError: 'skip', size: 2 })
  t.same(parts.values('id'), ['a', 'e'])
  // What libvips says of a broken picture depends on what else is being decoded.
  const listed = ({ batches }: typeof whole) =>
    batches.flatMap(({ bad }) => bad.map(({ row, id, modality }) => [row, id, modality]))
  t.same(listed(parts), listed(whole))
  t.equal(parts.batches.at(-1)!.read, 5)
})

t.test('fail: the first one ends the run', async t => {
  const { path, words } = manifest()
  await t.rejects(collect(path, addresses(words)), { message: /line 3 \(id 'b'\)/, exit: 65 })
})

t.test('joined parts: a row with one bad part is bad once', async t => {
  const path = `${t.testdir({ 'm.csv': 'v,w\n1,2\nx,y\n3,4\n' })}/m.csv`
  const { first, batches } = await collect(path, ['v=vector:v', 'v=vector:w'], { onError: 'null' })
  t.same([...(first['v'] as any).values], [1, 2, 0, 0, 3, 4])
  t.same([...(first['v'] as any).present], [1, 0, 1])
  t.equal(batches[0]!.bad.length, 1)
})

t.test('rows kept of any layout are those of the column, as read one by one', async t => {
  const rows = fc.array(
    fc.array(fc.array(fc.integer(), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
    {
      maxLength: 6,
    },
  )
  const ends = (counts: number[]) =>
    Int32Array.from(
      [0, ...counts].map(
        (
          (sum = 0) =>
          c =>
            (sum += c)
        )(),
      ),
    )
  const column = (items: number[][][], nested: boolean): ModalityColumn => {
    const values = Float32Array.from(items.flat(2))
    const present = Uint8Array.from(items, item => (item.length > 0 ? 1 : 0))
    if (!nested) {
      const offsets = ends(items.map(item => item.flat().length))
      return { layout: 'views', dim: 1, values, present, offsets }
    }
    return {
      layout: 'views-of-tokens',
      dim: 1,
      values,
      present,
      offsets: ends(items.map(item => item.length)),
      viewOffsets: ends(items.flat().map(view => view.length)),
    }
  }
  fc.assert(
    fc.property(rows, fc.boolean(), fc.nat(), (items, nested, mask) => {
      const keep = items.map((_, row) => row).filter(row => (mask >> row) & 1)
      const wanted = column(
        keep.map(row => items[row]!),
        nested,
      )
      t.same(keepRows(column(items, nested), keep), wanted)
    }),
    { seed: 15, numRuns: 100 },
  )
  t.end()
})

t.test('what an encoder gives and no column can hold is a bad item, not the end', async t => {
  const folder = t.testdir({ 'words.txt': 'one 1 0\nlarge 70000 0\n' })
  writeFileSync(`${folder}/m.onnx`, oneNode('Reciprocal', [1, 3, 2, 2]))
  for (const [name, level] of [
    ['grey', 128],
    ['black', 0],
  ] as const)
    await sharp(Buffer.alloc(12, level), { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toFile(`${folder}/${name}.png`)
  const rows = [
    'id,text,picture,x',
    'a,one,grey.png,1',
    'b,large,black.png,65520',
    'c,one,grey.png,65519',
  ]
  writeFileSync(`${folder}/m.csv`, rows.join('\n'))
  writeFileSync(
    `${folder}/x.npy`,
    Buffer.concat([npyHeader('<i4', [3, 1]), Buffer.from(Int32Array.of(1, 65520, 65519).buffer)]),
  )
  for (const [address, message] of [
    [`x=text:text@words:${folder}/words.txt,float16`, /words.* gave 70000, .*in float16/],
    [`x=text:text@words:${folder}/words.txt,tokens,float16`, /words.* gave 70000/],
    [`x=image:picture@onnx:${folder}/m.onnx`, /onnx.* gave Infinity, expected finite numbers/],
    ['x=vector:x,float16', /"65520", expected a finite number in float16/],
    [`x=vector:${folder}/x.npy,float16`, /65520, expected a finite number in float16/],
  ] as const) {
    await t.rejects(collect(`${folder}/m.csv`, [address]), { exit: 65, message }, address)
    const { first, batches } = await collect(`${folder}/m.csv`, [address], { onError: 'null' })
    t.same([...(first['x'] as any).present], [1, 0, 1], address)
    t.match(batches[0]!.bad, [{ row: 1, id: 'b', modality: 'x', message }])
  }
})
