import { tableFromIPC } from '@uwdata/flechette'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from '../retrieve/embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from '../retrieve/vectors.js'

const folder = t.testdir()
const [items, prototypes] = [join(folder, 'items.arrows'), join(folder, 'prototypes.arrows')]
const category = { class: { vocabulary: ['cat', 'dog', 'cow'] } }

t.before(async () => {
  await writeEmbeddings(
    items,
    {
      ...others({
        id: ['a', 'b', 'c', 'd', 'e'],
        name: ['cat', 'dog', 'dog', null, 'horse'],
        split: ['test', 'test', 'train', 'test', 'test'],
        'class.code': [0, 1, 1, 0, null],
      }),
      photo: vectorColumn([[1, 0, 0], [0, 1, 0], unit([2, 1, 0]), undefined, [0, 0, 1]], 3),
      caption: viewsColumn(
        [[[1, 0, 0]], [[0, 1, 0], unit([1, 1, 0])], undefined, [[1, 0, 0]], undefined],
        3,
      ),
      class: {
        ...vectorColumn([[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0], undefined], 3),
        kind: 'category',
      },
    },
    category,
  )
  await writeEmbeddings(prototypes, {
    ...others({ id: ['cat', 'dog', 'cow', 'cow'] }),
    text: vectorColumn([[1, 0, 0], [0, 1, 0], unit([1, 0, 1]), unit([-1, 0, 1])]),
  })
})

const json = async (args: string[], status = 0) => {
  const ended = await pcm('zeroshot', [...args, '--format', 'json'])
  t.equal(ended.status, status, ended.stderr)
  return ended.stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

t.test(
  'prototypes from a stream: equal ids averaged, labels that are no class counted',
  async t => {
    const args = [items, '--classes', prototypes, '--label', 'name', '-m', 'photo,caption']
    const [photo, caption] = await json(args, 1)
    t.same(photo, {
      modality: 'photo',
      classes: 3,
      items: 3,
      top1: 66.66666667,
      top5: 100,
      mean_per_class: 75,
      protocol: {
        label: 'name',
        classes_present: 2,
        ties: 0,
        missing: 1,
        unlabelled: 0,
        unknown: 1,
        tie_rule: 'pessimistic',
        k_over_classes: [5],
        prototypes: { file: prototypes, rows: 4, opposed: 0 },
        score: 'cosine',
        bank: null,
        engine: 'float64',
        seed: 0,
      },
    })
    t.match(caption, { items: 2, top1: 100, protocol: { missing: 2, unlabelled: 1, unknown: 0 } })
    const { stderr } = await pcm('zeroshot', args)
    t.match(stderr, /1 rows are not scored: column 'name' holds 'horse'/)
  },
)

t.test('prototypes from a category of the input: from a file as from a pipe', async t => {
  const args = ['--class-modality', 'class', '--format', 'json']
  const file = await pcm('zeroshot', [items, ...args])
  t.equal(file.status, 0, file.stderr)
  const [photo, caption] = file.stdout
    .toString()
    .split('\n', 2)
    .map(line => JSON.parse(line))
  t.match(photo, { modality: 'photo', classes: 2, items: 3, protocol: { label: 'class.code' } })
  t.match(caption, { modality: 'caption', items: 3, top1: 100 })
  const pipe = await pcm('zeroshot', args, { input: await readFile(items) })
  t.ok(pipe.stdout.equals(file.stdout))
})

t.test('prototypes from any other modality are means over the items of a label', async t => {
  const args = [items, '--class-modality', 'caption', '--label', 'name', '-m', 'photo']
  const [photo] = await json(args, 1)
  t.match(photo, {
    classes: 2,
    items: 3,
    protocol: { prototypes: { modality: 'caption', rows: 2 } },
  })
})

t.test('numeric labels are compared as text', async t => {
  const path = await writeEmbeddings(join(folder, 'numbers.arrows'), {
    ...others({ id: ['1', '2', '10'], label: [1, 2, 10] }),
    photo: vectorColumn([
      [1, 0],
      [0, 1],
      [-1, 0],
    ]),
  })
  const [photo] = await json([path, '--classes', path, '-m', 'photo'])
  t.match(photo, { classes: 3, items: 3, top1: 100 })
})

t.test(
  'predictions: columns pass through, absent rows are null, metrics go to the log',
  async t => {
    const log = join(folder, 'log.jsonl')
    const ended = await pcm('zeroshot', [
      ...[items, '--classes', prototypes, '--label', 'name', '-m', 'photo'],
      ...['--predictions', '--top', '2', '--log', log],
    ])
    t.equal(ended.status, 1, ended.stderr)
    const table = tableFromIPC(ended.stdout)
    t.equal(table.schema.metadata?.get('pcm.content'), 'predictions')
    t.same(table.names, [
      ...['id', 'name', 'split', 'class.code'],
      ...['photo.class', 'photo.score', 'photo.class.2', 'photo.score.2'],
    ])
    const rows = table.toArray() as Record<string, unknown>[]
    t.same(
      rows.map(row => row['photo.class']),
      ['cat', 'dog', 'cat', null, 'cow'],
    )
    t.equal(rows[2]!['photo.class.2'], 'dog')
    t.ok(Math.abs((rows[2]!['photo.score'] as number) - 2 / Math.sqrt(5)) < 1e-6)
    const events = (await readFile(log, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    const metrics = events.find(({ event }) => event === 'metrics')
    t.match(metrics, { modality: 'photo', items: 3, top1: 66.66666667 })
  },
)

t.test('the confusion is written as CSV', async t => {
  const path = join(folder, 'confusion.csv')
  await json([items, '--class-modality', 'class', '-m', 'photo', '--confusion', path])
  t.equal(
    await readFile(path, 'utf8'),
    'modality,label,predicted,count\nphoto,cat,cat,1\nphoto,dog,cat,1\nphoto,dog,dog,1\n',
  )
})

t.test('what goes wrong has its status and one line', async t => {
  const run = (...args: string[]) => pcm('zeroshot', [items, ...args])
  t.equal((await run()).status, 64, 'no classes')
  t.equal((await run('--class-modality', 'sound')).status, 65)
  t.equal((await run('--class-modality', 'class', '-m', 'class')).status, 64, 'leakage')
  t.equal((await run('--class-modality', 'class', '--label', 'nothing')).status, 65)
  t.equal((await run('--class-modality', 'class', '--where', 'split=none')).status, 2)
  const mismatch = await run('--classes', prototypes, '--label', 'split')
  t.equal(mismatch.status, 65)
  t.match(
    mismatch.stderr,
    /found labels like 'test', 'train', expected names of classes like 'cat'/,
  )
  const several = await run('--classes', items, '--label', 'name')
  t.equal(several.status, 65)
  t.match(several.stderr, /3 modalities, expected prototypes of one/)
})
