import { fixedSizeList, float32, list, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from '../retrieve/embedding-stream.js'
import { others, unit, vectorColumn } from '../retrieve/vectors.js'

const folder = t.testdir()
const path = (name: string) => join(folder, name)
const [x, y, z] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const

t.before(async () => {
  await writeEmbeddings(path('classes.arrows'), {
    ...others({
      id: ['cat', 'dog', 'cow', 'owl'],
      training: ['yes', 'yes', 'no', 'val'],
    }),
    text: vectorColumn([x, y, z, unit([-1, 0, 1])]),
  })
  // Every item leans to x or y, the classes that training had; cow is z.
  await writeEmbeddings(path('items.arrows'), {
    ...others({
      id: ['a', 'b', 'c', 'd', 'd'],
      label: ['cat', 'cat', 'dog', 'cow', 'cow'],
      tags: ['cat,dog', 'cat', ' dog , cow', '', null],
    }),
    photo: vectorColumn([x, unit([2, 3, 0]), y, unit([3, 0, 2]), unit([1, 0, 3])]),
  })
  await writeEmbeddings(path('val.arrows'), {
    ...others({ id: ['p', 'q', 'r'], label: ['cat', 'owl', 'owl'] }),
    photo: vectorColumn([x, unit([-1, 0, 1]), unit([1, 1, 1])]),
  })
})

const run = (...args: string[]) =>
  pcm('zeroshot', [path('items.arrows'), '--classes', path('classes.arrows'), ...args])

const records = async (...args: string[]) => {
  const ended = await run(...args, '--format', 'json')
  t.ok([0, 1].includes(ended.status!), ended.stderr)
  const lines = ended.stdout.toString().trimEnd().split('\n')
  return { ...ended, records: lines.map(line => JSON.parse(line)) }
}

t.test('top-k for any list of k', async t => {
  const {
    records: [photo],
  } = await records('--k', '3,1,2,9')
  t.same(
    Object.keys(photo).filter(key => key.startsWith('top')),
    ['top1', 'top2', 'top3', 'top9'],
  )
  t.match(photo, { top1: 60, top2: 100, top3: 100, top9: 100 })
  t.same(photo.protocol.k_over_classes, [9])
})

t.test('a record for each class', async t => {
  const { records: all } = await records('--per-class')
  t.match(all.slice(1), [
    { by: 'class', value: 'cat', items: 2, top1: 50, predicted: 2, precision: 50 },
    { by: 'class', value: 'dog', items: 1, top1: 100, predicted: 2, precision: 50 },
    { by: 'class', value: 'cow', items: 2, top1: 50, predicted: 1, precision: 100 },
  ])
  t.equal(all.length, 4, 'none for a class without items')
  const { stdout } = await run('--per-class')
  t.match(stdout.toString(), /photo, cow +2 +50\.0 +1 +100\.0/)
})

t.test('calibration: bins and temperature are named, the table is written', async t => {
  const args = ['--temperature', '0.5', '--bins', '4', '--reliability', path('bins.csv')]
  const {
    records: [photo],
  } = await records(...args)
  t.match(photo.protocol.calibration, { temperature: 0.5, bins: 4 })
  const lines = (await readFile(path('bins.csv'), 'utf8')).trimEnd().split('\n')
  t.equal(lines[0], 'modality,low,high,items,confidence,accuracy')
  t.equal(lines.length, 5)
  const bins = lines.slice(1).map(line => line.split(','))
  t.equal(
    bins.reduce((sum, [, , , items]) => sum + Number(items), 0),
    5,
  )
  const gaps = bins.map(([, , , n, claimed, right]) =>
    Number(n) === 0 ? 0 : (Number(n) / 5) * Math.abs(Number(claimed) - Number(right)),
  )
  t.ok(Math.abs(photo.ece - 100 * gaps.reduce((sum, gap) => sum + gap, 0)) < 1e-6)
  t.equal((await run('--reliability', path('bins.csv'))).status, 64, 'no temperature')
})

t.test('unseen classes: by column, by file, by name', async t => {
  await writeFile(path('unseen.txt'), 'cow\nowl\n')
  const given = [['training=no,val'], [`@${path('unseen.txt')}`], ['cow,owl']] as const
  const [one, two, three] = await Promise.all(given.map(([set]) => records('--unseen', set)))
  const [photo] = one!.records
  // Seen: cat 1/2, dog 1/1; unseen: cow 1/2.
  t.match(photo, { acc_seen: 75, acc_unseen: 50, h: 60 })
  t.match(photo.protocol.generalised, { seen: 2, unseen: 2, gamma: 0 })
  t.same(two!.records, one!.records)
  t.same(three!.records, one!.records)
})

t.test('gamma is subtracted from seen classes only', async t => {
  const { records: all } = await records('--unseen', 'cow,owl', '--gamma', '0.4', '--per-class')
  // d: cow 2/3.6 against cat 3/3.6 - .4.
  const before = { acc_seen: 75, acc_unseen: 50, h: 60 }
  t.match(all[0], {
    acc_seen: 75,
    acc_unseen: 100,
    protocol: { generalised: { gamma: 0.4, at_gamma_0: before } },
  })
  t.match(all[3], { value: 'cow', unseen: true, top1: 100 })
  const { stdout } = await run('--unseen', 'cow,owl', '--gamma', '0.4')
  t.match(
    stdout.toString(),
    /unseen: 2 of 4 classes; gamma given: photo 0\.4000 \(h 60\.0 without\)/,
  )
})

t.test(
  'gamma is chosen on validation rows and classes, which take no part in the test',
  async t => {
    const args = ['--unseen', 'cow', '--tune', path('val.arrows'), '--tune-unseen', 'owl']
    const {
      records: [photo],
    } = await records(...args)
    // cat: 1 against -.71; owl: -.71 and .58 against 1 and 0: right from gamma .58 on, until 1.71.
    const gamma = (Math.SQRT1_2 + 1 + 1 / Math.sqrt(3)) / 2
    t.ok(
      Math.abs(photo.protocol.generalised.gamma - gamma) < 1e-6,
      photo.protocol.generalised.gamma,
    )
    t.match(photo, {
      classes: 3,
      acc_unseen: 100,
      protocol: { generalised: { seen: 2, unseen: 1, chosen_on: { items: 3, h: 100 } } },
    })
  },
)

t.test('leakage is refused', async t => {
  const tune = ['--unseen', 'cow', '--tune-unseen', 'owl', '--tune']
  const same = await run(...tune, path('items.arrows'))
  t.equal(same.status, 65, 'no row of an unseen class to choose on')
  await writeEmbeddings(path('leak.arrows'), {
    ...others({ id: ['p', 'q', 'c'], label: ['cat', 'owl', 'dog'] }),
    photo: vectorColumn([x, z, y]),
  })
  const leak = await run(...tune, path('leak.arrows'))
  t.equal(leak.status, 64)
  t.match(leak.stderr, /leak\.arrows holds 'c', which is evaluated, too/)
  t.equal(leak.stdout.length, 0)
  const classes = await run(
    '--unseen',
    'cow',
    '--tune-unseen',
    'owl,cow',
    '--tune',
    path('val.arrows'),
  )
  t.equal(classes.status, 64)
  t.match(classes.stderr, /'cow' is of --unseen, too/)
})

t.test('what cannot be meant about unseen classes is refused', async t => {
  const status = async (...args: string[]) => (await run(...args)).status
  t.equal(await status('--gamma', '0.1'), 64)
  t.equal(await status('--unseen', 'cow', '--tune', path('val.arrows')), 64)
  t.equal(await status('--unseen', 'horse'), 64)
  t.equal(await status('--unseen', 'training=never'), 64)
  t.equal(await status('--unseen', 'cat,dog,cow,owl'), 64)
  t.equal(await status('--unseen', '@nothing.txt'), 66)
  t.equal(await status('--unseen', 'nothing=1'), 65)
  t.equal(await status('--unseen', 'cow', '--label', 'tags', '--separator', ','), 64)
})

t.test('several classes a row: mean average precision, any right class', async t => {
  const {
    records: [photo],
  } = await records('--label', 'tags', '--separator', ',')
  // cat: a 1st, d (no class) 2nd, b 3rd; dog: c 1st, b 2nd, a and d level; cow: d 1st, the rest level.
  const map = ((1 + 2 / 3) / 2 + (1 + 2 / 4) / 2 + 1 / 4) / 3
  t.match(photo, { items: 3, top1: 66.66666667 })
  t.ok(Math.abs(photo.map - map) < 1e-9, `${photo.map} ${map}`)
  t.notOk('mean_per_class' in photo)
  t.match(photo.protocol, { unlabelled: 1, map_items: 4, hit: 'any' })
})

t.test('lists of classes from another program', async t => {
  const table = tableFromArrays(
    {
      id: ['a', 'b', 'c'],
      tags: [['cat', 'dog'], ['cow', 'horse'], null],
      photo: [x, y, y],
    },
    { types: { id: utf8(), tags: list(utf8()), photo: fixedSizeList(float32(), 3) } },
  )
  await writeFile(path('lists.arrows'), tableToIPC(table, { format: 'stream' })!)
  const args = ['--classes', path('classes.arrows'), '--label', 'tags', '--format', 'json']
  const { status, stdout, stderr } = await pcm('zeroshot', [path('lists.arrows'), ...args])
  t.equal(status, 1, stderr)
  t.match(stderr, /1 labels do not count: column 'tags' holds 'horse'/)
  const protocol = { unlabelled: 1, unknown_labels: 1, labels: 'lists' }
  t.match(JSON.parse(stdout.toString()), { items: 2, top1: 50, protocol })
})

t.test('labels of the rows themselves: said, and refused where they are several', async t => {
  const inside = (...args: string[]) =>
    pcm('zeroshot', [path('two.arrows'), '--class-modality', 'text', ...args])
  await writeEmbeddings(path('two.arrows'), {
    ...others({ id: ['a', 'b'], label: ['cat', 'dog'] }),
    photo: vectorColumn([x, y]),
    text: vectorColumn([x, y]),
  })
  const { stdout } = await inside('--format', 'json')
  t.match(JSON.parse(stdout.toString()), { protocol: { prototypes: { transductive: true } } })
  t.match((await inside()).stdout.toString(), /transductive: the labels of the rows/)
  t.equal((await inside('--separator', ',')).status, 64)
  const [photo] = (await records()).records
  t.notOk('transductive' in photo.protocol.prototypes, 'not from a stream of their own')
  const made = await pcm('zeroshot', [path('two.arrows'), '--prototypes', '--unseen', 'cat'])
  t.equal(made.status, 64)
})

t.test('intervals, and the same bytes from the same seed', async t => {
  const args = ['--bootstrap', '200', '--unseen', 'cow,owl', '--seed', '4']
  const one = await records(...args)
  const two = await records(...args)
  t.same(one.stdout, two.stdout)
  const [{ ci, protocol }] = one.records
  t.same(Object.keys(ci), ['top1', 'top5', 'mean_per_class', 'acc_seen', 'acc_unseen', 'h'])
  for (const [low, high] of Object.values(ci) as [number, number][]) t.ok(low <= high)
  t.match(protocol.bootstrap, { resamples: 200 })
  const several = await records('--bootstrap', '100', '--label', 'tags', '--separator', ',')
  t.ok(several.records[0].ci.map[0] <= several.records[0].map)
  t.match((await run(...args)).stdout.toString(), /95 %: 200 resamples/)
})

t.test('a gate that is missed is status 1 and one line, and the metrics all the same', async t => {
  const missed = await run('--fail-under', 'photo:top1=61', '--fail-under', 'photo:top5=100')
  t.equal(missed.status, 1)
  t.match(missed.stderr, /^pcm-zeroshot: photo: top1 is 60, under 61\n/m)
  t.match(missed.stdout.toString(), /60\.0/)
  const quiet = await run('-q', '--fail-under', 'photo:top1=61')
  t.equal(quiet.stderr, 'pcm-zeroshot: photo: top1 is 60, under 61\n', 'said under -q, too')
  t.equal((await run('--fail-under', 'photo:mean_per_class=60')).status, 0)
  t.equal((await run('--fail-under', 'photo:h=1', '--unseen', 'cow')).status, 0)
  for (const gate of ['photo:h=1', 'sound:top1=1', 'photo:top3=1', 'photo:top1', 'mean:top1=1'])
    t.equal((await run('--fail-under', gate)).status, 64, gate)
})

t.test('the confusion as a matrix and as JSON Lines', async t => {
  await run('--confusion', path('m.csv'), '--confusion-form', 'matrix')
  t.equal(
    await readFile(path('m.csv'), 'utf8'),
    [
      'modality,label,cat,dog,cow,owl',
      ...['photo,cat,1,1,0,0', 'photo,dog,0,1,0,0', 'photo,cow,1,0,1,0', 'photo,owl,0,0,0,0', ''],
    ].join('\n'),
  )
  await run('--confusion', path('m.jsonl'), '--confusion-form', 'json')
  const [first] = (await readFile(path('m.jsonl'), 'utf8')).split('\n')
  t.same(JSON.parse(first!), { modality: 'photo', label: 'cat', predicted: 'cat', count: 1 })
})
