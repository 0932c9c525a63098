import { tableFromIPC } from '@uwdata/flechette'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { command, pcm, root, shell } from '../../programs/program.js'
import { writeEmbeddings } from '../../retrieve/embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from '../../retrieve/vectors.js'

const folder = t.testdir()
const items = join(folder, 'items.arrows')

t.before(async () => {
  await writeEmbeddings(
    items,
    {
      ...others({
        id: ['a', 'b', 'c', 'd', 'e'],
        label: ['cat', 'dog', 'dog', null, 'cat'],
        'class.code': [0, 1, 1, 0, 0],
      }),
      photo: vectorColumn([[1, 0, 0], [0, 1, 0], unit([2, 1, 0]), [0, 0, 1], undefined], 3),
      caption: viewsColumn(
        [[[1, 0, 0]], [[0, 1, 0], unit([1, 1, 0])], undefined, [[1, 0, 0]], [[0, 0, 1]]],
        3,
      ),
      class: {
        ...vectorColumn([
          [1, 0, 0],
          [0, 1, 0],
          [0, 1, 0],
          [1, 0, 0],
          [1, 0, 0],
        ]),
        kind: 'category',
      },
    },
    { class: { vocabulary: ['cat', 'dog'] } },
  )
})

const make = async (...args: string[]) => {
  const ended = await pcm('zeroshot', [items, '--prototypes', '--no-pg', ...args])
  t.equal(ended.status, 0, ended.stderr)
  const table = tableFromIPC(ended.stdout)
  const rows = table.toArray() as Record<string, unknown>[]
  return { ...ended, table, rows }
}
const close = (found: unknown, wanted: number[]) =>
  wanted.every((x, i) => Math.abs((found as Float32Array)[i]! - x) < 1e-6)

t.test('rows of one label, at norm 1, are averaged; rows without a label do not count', async t => {
  const { rows, table, stderr } = await make('--class-modality', 'photo')
  t.same(table.names, ['id', 'photo', 'photo.rows'])
  t.same(
    rows.map(row => [row['id'], row['photo.rows']]),
    [
      ['cat', 1],
      ['dog', 2],
    ],
  )
  const sum = unit([2, 1, 0]).map((x, i) => x + [0, 1, 0][i]!)
  t.ok(close(rows[1]!['photo'], unit(sum)))
  t.match(stderr, /2 prototypes from 3 rows/)
})

t.test('views are averaged first (METHODS 5, pitfall 13)', async t => {
  const { rows } = await make('--class-modality', 'caption')
  t.ok(close(rows[0]!['caption'], unit([1, 0, 1])))
  const mean = unit(unit([1, 1, 0]).map((x, i) => x + [0, 1, 0][i]!))
  t.ok(close(rows[1]!['caption'], mean))
})

t.test('a mixture of a category and photos', async t => {
  const { rows, table } = await make('--class-modality', 'class+photo:0.5')
  t.equal(table.schema.fields[1]!.name, 'prototype')
  t.equal(table.schema.fields[1]!.metadata?.get('pcm.of'), '["class","photo"]')
  const dog = unit(unit([2, 1, 0]).map((x, i) => x + [0, 1, 0][i]!))
  t.ok(close(rows[1]!['prototype'], unit(dog.map((x, i) => 0.5 * x + [0, 1, 0][i]!))))
})

t.test('what was written classifies as what it was made of', async t => {
  const path = join(folder, 'made.arrows')
  await make('--class-modality', 'class+photo:0.5', '-o', path)
  const inside = ['--class-modality', 'class+photo:0.5', '-m', 'caption', '--predictions']
  const [one, two] = await Promise.all([
    pcm('zeroshot', [items, ...inside, '--no-pg']),
    pcm('zeroshot', [items, '--classes', path, '-m', 'caption', '--predictions', '--no-pg']),
  ])
  const rows = (of: { stdout: Buffer }) => tableFromIPC(of.stdout).toArray()
  t.equal(one.status, 0, one.stderr)
  t.same(rows(one), rows(two))
})

t.test('pcm-join brings prototypes of two streams together', async t => {
  const zeroshot = command('zeroshot')
  const { status, stderr, stdout } = await shell(
    `${zeroshot} ${items} --prototypes --class-modality photo -o photo.arrows -q &&
     ${zeroshot} ${items} --prototypes --class-modality class -o class.arrows -q &&
     "${process.execPath}" ${root}dist/bin/pcm-join.js class.arrows photo.arrows |
     ${zeroshot} --prototypes --class-modality class+photo:0.5 --no-pg`,
    folder,
  )
  t.equal(status, 0, stderr)
  const [joined, whole] = [
    tableFromIPC(stdout).toArray(),
    (await make('--class-modality', 'class+photo:0.5')).rows,
  ] as Record<string, Float32Array>[][]
  joined!.forEach((row, i) => t.ok(close(row['prototype'], [...whole![i]!['prototype']!])))
})

t.test('n rows a class are drawn by the seed; too few are counted', async t => {
  const { rows, stderr } = await make('--class-modality', 'photo', '--shots', '1')
  t.same(
    rows.map(row => row['photo.rows']),
    [1, 1],
  )
  t.notMatch(stderr, /fewer/)
  t.match((await make('--class-modality', 'photo', '--shots', '2')).stderr, /1 classes had fewer/)
  const ended = await pcm('zeroshot', [
    ...[items, '--class-modality', 'photo', '--shots', '2', '-m', 'caption', '--format', 'json'],
  ])
  t.match(JSON.parse(ended.stdout.toString()), {
    protocol: { prototypes: { modality: 'photo', rows: 3, shots: 2, short: 1 } },
  })
})

t.test('prototypes that another model embedded are refused', async t => {
  const train = (model: string, seed: number) =>
    `${command('extract')} m.csv -m v=vector:x+y -m w=vector:y+z -c label=label -q |
     tee f.arrows | ${command('train')} --epochs 1 --seed ${seed} --dim 4 --batch 4 -q > ${model} &&
     ${command('embed')} f.arrows --model ${model} -q > ${model}.arrows`
  const rows = Array.from({ length: 16 }, (_, i) => `${i},${i % 2},${i},${i * i},${-i}`)
  await writeFile(join(folder, 'm.csv'), `id,label,x,y,z\n${rows.join('\n')}\n`)
  const trained = await shell(`${train('one', 1)} && ${train('two', 2)}`, folder)
  t.equal(trained.status, 0, trained.stderr)
  for (const name of ['one', 'two'])
    await pcm('zeroshot', [
      join(folder, `${name}.arrows`),
      '--prototypes',
      '--class-modality',
      'w',
      '-o',
      join(folder, `${name}.classes`),
    ])
  const run = (classes: string) =>
    pcm('zeroshot', [
      join(folder, 'one.arrows'),
      '--classes',
      join(folder, classes),
      '-m',
      'v',
      '--format',
      'json',
    ])
  t.equal((await run('one.classes')).status, 0)
  const refused = await run('two.classes')
  t.equal(refused.status, 65)
  t.equal(refused.stdout.length, 0)
  t.match(refused.stderr, /two.classes: embedded by another model than .*one.arrows/)
  t.ok((await readFile(join(folder, 'one.classes'))).length > 0)
})

t.test('what cannot be made is refused', async t => {
  const run = (...args: string[]) => pcm('zeroshot', [items, '--prototypes', ...args])
  t.equal((await run()).status, 65, 'three modalities')
  t.equal((await run('--class-modality', 'photo', '--predictions')).status, 64)
  t.equal((await run('--class-modality', 'photo:x')).status, 64)
  t.equal((await run('--class-modality', 'photo+photo')).status, 64)
  t.equal((await run('--class-modality', 'sound')).status, 65)
  t.equal((await run('--class-modality', 'photo', '--shots', '0')).status, 64)
  t.equal((await run('--class-modality', 'photo', '--where', 'id=d')).status, 2)
})
