import { tableFromIPC } from '@uwdata/flechette'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from './vectors.js'

const folder = t.testdir()
const small = join(folder, 'small.arrows')

t.before(async () => {
  await writeEmbeddings(
    small,
    {
      ...others({
        id: ['a', 'b', 'c', 'd'],
        split: ['test', 'test', 'test', 'train'],
        'class.code': [0, 0, 1, 1],
      }),
      photo: vectorColumn([[1, 0], unit([1, 1]), [0, 1], [0, -1]]),
      caption: viewsColumn([[[1, 0], unit([2, 1])], [unit([1, 1])], undefined, [[0, -1]]], 2),
      class: {
        ...vectorColumn([
          [1, 0],
          [1, 0],
          [0, 1],
          [0, 1],
        ]),
        kind: 'category',
      },
    },
    { class: { vocabulary: ['cat', 'dog'] } },
  )
})

const json = async (...args: string[]) => {
  const { status, stdout, stderr } = await pcm('eval', [...args, '--format', 'json'])
  t.equal(status, 0, stderr)
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

t.test('a record a direction, then their mean, with the protocol inside', async t => {
  const records = await json(small)
  t.same(
    records.map(({ direction }) => direction),
    [
      ...['photo>caption', 'photo>class', 'caption>photo', 'caption>class'],
      ...['class>photo', 'class>caption', 'mean'],
    ],
  )
  t.same(records[0], {
    direction: 'photo>caption',
    query: ['photo'],
    gallery: ['caption'],
    queries: 3,
    pool: 4,
    'r@1': 100,
    'r@5': 100,
    'r@10': 100,
    medr: 1,
    meanr: 1,
    mrr: 1,
    // The second caption of a stands behind that of b.
    map: records[0].map,
    protocol: {
      relevance: 'id',
      positives: { min: 1, mean: 1.333333333, max: 2 },
      hit: 'any',
      ties: 0,
      tie_rule: 'pessimistic',
      k_over_pool: [5, 10],
      unanswerable: 1,
      missing: { query: 0, gallery: 1 },
      merged: { query: 0, gallery: 0 },
      score: 'cosine',
      bank: null,
      engine: 'float64',
      seed: 0,
    },
  })
  t.match(records[1], { queries: 4, pool: 2, protocol: { relevance: 'class.code' } })
  const mean = records.slice(0, 6).reduce((sum, record) => sum + record['r@1'], 0) / 6
  t.ok(Math.abs(records[6]['r@1'] - mean) < 1e-6)
  t.equal(records[6].directions, 6)
})

t.test('k above the pool is 100 and flagged (METHODS 5, pitfall 16)', async t => {
  const [record] = await json(small, '--direction', 'photo>class', '--k', '1,2,3')
  t.equal(record['r@3'], 100)
  t.same(record.protocol.k_over_pool, [3])
  const { stdout } = await pcm('eval', [small, '--direction', 'photo>class', '--k', '3'])
  t.match(stdout.toString(), /k above the pool, so always 100: r@3/)
})

t.test('the enriched and the intra-modal stay out of the mean', async t => {
  const only = ['--direction', 'photo+caption>class', '--direction', 'photo>photo']
  const records = await json(small, ...only, '--positives', 'photo+photo:class.code')
  t.same(
    records.map(({ direction }) => direction),
    ['photo+caption>class', 'photo>photo'],
  )
  t.same(records[0].query, ['photo', 'caption'])
  t.same(records[0].protocol.complete, { query: 3, gallery: null })
  t.equal(records[1].protocol.itself, 'left out')
  const mixed = await json(small, ...only, '--direction', 'photo>class')
  t.match(mixed.at(-1), { direction: 'mean', directions: 1, 'r@1': mixed[2]['r@1'] })
})

t.test('selections are in the protocol', async t => {
  const [record] = await json(
    small,
    ...['--direction', 'photo>caption', '--where', 'split=test', '--gallery', 'id=a,b'],
  )
  t.match(record, { queries: 2, pool: 3, protocol: { where: ['split=test'], gallery: 'id=a,b' } })
})

t.test('every format says the same; the table has a line a direction', async t => {
  const [record] = await json(small, '--direction', 'caption>class')
  const args = [small, '--direction', 'caption>class', '--format']
  const csv = (await pcm('eval', [...args, 'csv'])).stdout.toString().split('\n')
  t.equal(csv[1]!.split(',')[csv[0]!.split(',').indexOf('r@1')], `${record['r@1']}`)
  const arrow = tableFromIPC((await pcm('eval', [...args, 'arrow'])).stdout)
  t.equal((arrow.toArray()[0] as Record<string, unknown>)['r@1'], record['r@1'])
  const text = (await pcm('eval', [...args, 'table'])).stdout.toString()
  t.match(text, new RegExp(`^caption>class .* ${record['r@1'].toFixed(1)} `, 'm'))
})

t.test('a pipe gives the same bytes as a file, and --no-pg the same bytes every time', async t => {
  const args = ['--no-pg', '--format', 'arrow']
  const file = await pcm('eval', [small, ...args])
  const pipe = await pcm('eval', args, { input: await readFile(small) })
  t.equal(pipe.status, 0, pipe.stderr)
  t.ok(file.stdout.equals(pipe.stdout))
})

t.test('what goes wrong has its status and one line', async t => {
  const status = async (...args: string[]) => (await pcm('eval', [small, ...args])).status
  t.equal(await status('--direction', 'photo+caption>photo'), 64)
  t.equal(await status('--direction', 'photo>sound'), 65)
  t.equal(await status('--positives', 'nothing'), 65)
  t.equal(await status('--label', 'nothing'), 65)
  t.equal(await status('--k', '0'), 64)
  t.equal(await status('--where', 'split=none'), 2)
  t.equal(await status('--query', 'id=a', '--gallery', 'id=b', '--direction', 'photo>caption'), 2)
  const zero = await writeEmbeddings(
    join(folder, 'zero.arrows'),
    {
      ...others({ id: ['a', 'b'] }),
      photo: vectorColumn([
        [1, 0],
        [0, 0],
      ]),
      caption: vectorColumn([
        [1, 0],
        [0, 2],
      ]),
    },
    { photo: { unit: false }, caption: { unit: false } },
  )
  const ended = await pcm('eval', [zero])
  t.equal(ended.status, 65)
  t.match(ended.stderr, /column 'photo': row 1 is a zero vector/)
})

t.test('vectors that are not marked unit are scaled: the score is the cosine', async t => {
  const columns = (scale: number) => ({
    ...others({ id: ['a', 'b'] }),
    photo: vectorColumn([
      [scale, 0],
      [0.3, 0.4],
    ]),
    caption: vectorColumn([
      [0.8, 0.6],
      [0.1 * scale, 0.2 * scale],
    ]),
  })
  const loose = { photo: { unit: false }, caption: { unit: false } }
  const one = await writeEmbeddings(join(folder, 'one.arrows'), columns(1), loose)
  const two = await writeEmbeddings(join(folder, 'two.arrows'), columns(50), loose)
  t.same(await json(one), await json(two))
})

t.test('every metric has its own name, and says how it is defined', async t => {
  const wanted = 'r@k,recall@k,p@k,map@k,ndcg@k,medr,meanr,mrr,map,rprec,minp,rsum'
  const args = ['--direction', 'photo>caption', '--direction', 'caption>photo', '--k', '2']
  args.push('--positives', 'class.code')
  const [forth, back, mean, pair] = await json(small, ...args, '--metrics', wanted)
  // By class, photos a and b find captions at 1, 2 and 3; c at 4; d at 1.
  for (const [key, value] of Object.entries({
    'r@2': 75,
    'recall@2': (100 * (2 / 3 + 2 / 3 + 0 + 1)) / 4,
    'p@2': (100 * (1 + 1 + 0 + 0.5)) / 4,
    'map@2': 0.75,
    'ndcg@2': 0.75,
    map: 3.25 / 4,
    minp: 3.25 / 4,
    rprec: 75,
  }))
    t.ok(Math.abs(forth[key] - value) < 1e-7, `${key}: ${forth[key]}, ${value}`)
  t.same(Object.keys(forth.protocol.metrics), [
    'recall@k',
    'p@k',
    'map@k',
    'ndcg@k',
    'rprec',
    'minp',
  ])
  t.equal(mean.direction, 'mean')
  t.equal(pair.direction, 'photo<>caption')
  t.equal(back.direction, 'caption>photo')
  t.ok(Math.abs(pair.rsum - 6 * pair.r_mean) < 1e-6)
  const few = await json(small, '--direction', 'photo>caption', '--metrics', 'mrr')
  t.notOk('r@1' in few[0])
  const text = (await pcm('eval', [small, ...args, '--metrics', wanted])).stdout.toString()
  t.match(text, /^direction +queries +pool +r@2 +recall@2 .* minp$/m)
  t.match(text, /^photo<>caption +\d/m)
})

t.test('queries can be measured apart by a column', async t => {
  const args = ['--direction', 'photo>class', '--by', 'split']
  const records = await json(small, ...args)
  t.match(records, [
    { direction: 'photo>class', queries: 4 },
    { direction: 'photo>class', by: 'split', value: 'test', queries: 3, pool: 2 },
    { direction: 'photo>class', by: 'split', value: 'train', queries: 1, pool: 2 },
    { direction: 'mean', directions: 1 },
  ])
  t.match((await pcm('eval', [small, ...args])).stdout.toString(), /^ +split=test +3 +2 /m)
})

t.test('a gate that is missed ends with 1 and one line; the metrics are written', async t => {
  const gate = (...gates: string[]) =>
    pcm('eval', [small, '--format', 'json', ...gates.flatMap(each => ['--fail-under', each])])
  t.equal((await gate('photo>caption:r@1=100', 'mean:mrr=0.1')).status, 0)
  const ended = await gate('photo>caption:r@1=100', 'mean:r@1=99.5')
  t.equal(ended.status, 1)
  t.match(ended.stderr, /^pcm-eval: mean: r@1 is \d+\.?\d*, under 99\.5\n$/)
  const quiet = await pcm('eval', [small, '-q', '--fail-under', 'mean:r@1=99.5'])
  t.equal(quiet.stderr, ended.stderr, 'said under -q, too')
  t.equal(ended.stdout.toString().trimEnd().split('\n').length, 7)
  for (const wrong of ['photo>sound:r@1=1', 'mean:r@2=1', 'mean:medr=2', 'mean:r@1', 'mean:r@1=x'])
    t.equal((await gate(wrong)).status, 64, wrong)
})

t.test('intervals hold the metric, repeat with the seed, and stand in the table', async t => {
  const args = [small, '--bootstrap', '200', '--direction', 'photo>class']
  const [record, mean] = await json(...args)
  const [low, high] = record.ci['r@1']
  t.ok(low <= record['r@1'] && record['r@1'] <= high && low < high, `${low} ${high}`)
  t.same(mean.ci, record.ci)
  t.match(record.protocol.bootstrap, { resamples: 200, interval: 'percentiles 2.5 and 97.5' })
  t.same((await json(...args))[0].ci, record.ci)
  t.match((await pcm('eval', args)).stdout.toString(), /^ +95 % +\d/m)
})

t.test('another system is compared with, query by query', async t => {
  const [record] = await json(small, '--against', small, '--direction', 'photo>class')
  t.same(record.against['r@1'], { difference: 0, relative: 0, ci: [0, 0], p: 1 })
  t.notOk('medr' in record.against, 'medians are no means')
  t.match(record.protocol.against, { queries: 4, unmatched: 0, resamples: 1000 })
  const args = ['--against', small, '--direction', 'photo>class', '--where', 'split=test']
  const table = (await pcm('eval', [small, ...args])).stdout.toString()
  t.match(table, /^ +lead +0\.0 /m)
  t.match(table, /^ +lead 95 % +0\.0 to 0\.0 /m)
  const fewer = await writeEmbeddings(join(folder, 'fewer.arrows'), {
    ...others({ id: ['a', 'b'] }),
    photo: vectorColumn([[1, 0], unit([1, 1])]),
    caption: vectorColumn([[1, 0], unit([1, 1])]),
  })
  const ended = await pcm('eval', [small, '--against', fewer, '--direction', 'photo>caption'])
  t.equal(ended.status, 65)
  t.match(ended.stderr, /gallery of 2 entries, expected 4/)
})

t.test('a bank that has seen the test is refused, or labelled (METHODS 5, pitfall 14)', async t => {
  const only = ['--direction', 'photo>class', '--format', 'json']
  const refused = await pcm('eval', [small, ...only, '--correction', 'is', '--bank', small])
  t.equal(refused.status, 64)
  t.match(refused.stderr, /holds 'a', which is a query, too/)
  const [seen] = await json(small, '--correction', 'is', '--bank', small, '--transductive')
  t.match(seen.protocol.bank, { correction: 'is', transductive: true, beta: 20, queries: 4 })
  const train = ['--where', 'split=test', '--correction', 'dis', '--bank', small]
  t.equal((await pcm('eval', [small, ...train])).status, 64, '--where is of the input alone')
  const bank = await writeEmbeddings(join(folder, 'bank.arrows'), {
    ...others({ id: ['x', 'y'] }),
    photo: vectorColumn([[1, 0], unit([1, 3])]),
    caption: vectorColumn([[1, 0], unit([1, 2])]),
  })
  const apart = ['--direction', 'photo>caption', '--correction', 'csls', '--bank', bank]
  const [record] = await json(small, ...apart, '--hubness', '1', '--geometry')
  t.match(record.geometry, {
    gap: Number,
    relative_alignment: Number,
    uniformity: { query: Number },
    sample: { query: 4, gallery: 4 },
  })
  t.match(record.protocol.bank, { file: bank, transductive: false, queries: 2, gallery: 2 })
  t.match(record.hubness, { k: 1, antihub: 25 })
  t.match((await pcm('eval', [small, ...apart])).stdout.toString(), /^bank: .*bank.arrows, csls$/m)
  t.equal((await pcm('eval', [small, '--bank', bank])).status, 64)
  t.equal((await pcm('eval', [small, '--correction', 'is'])).status, 64)
})

/** A .npy file of float64, version 1. */
const npy = (rows: readonly (readonly number[])[]): Buffer => {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0]!.length}), }`
  const padded = `${header.padEnd(117)}\n`
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0])
  return Buffer.concat([
    start,
    Buffer.from(padded),
    Buffer.from(Float64Array.from(rows.flat()).buffer),
  ])
}

t.test('arrays of any origin, with judgements from a TREC file', async t => {
  const image = join(folder, 'image.npy')
  const text = join(folder, 'text.npy')
  const judgements = join(folder, 'qrels.txt')
  await writeFile(
    image,
    npy([
      [3, 0],
      [0, 2],
    ]),
  )
  await writeFile(
    text,
    npy([
      [1, 0.1],
      [1, 2],
      [0.1, 5],
      [2, 1],
    ]),
  )
  await writeFile(judgements, '0 0 0 1\n0 0 1 1\n1 0 2 2\n1 0 3 0\n0 0 9 1\n')
  const files = ['--vectors', `image=${image}`, '--vectors', `text=${text}`]
  const only = ['--direction', 'image>text', '--qrels', judgements]
  const [record] = await json(...files, ...only)
  // 0 finds texts 0 and 1 at 1 and 3, behind 3; 1 finds text 2 at 1.
  t.match(record, {
    queries: 2,
    pool: 4,
    'r@1': 100,
    protocol: { relevance: `qrels ${judgements}` },
  })
  t.ok(Math.abs(record.map - ((1 + 2 / 3) / 2 + 1) / 2) < 1e-9)
  const status = async (...args: string[]) => (await pcm('eval', args)).status
  t.equal(await status(small, ...files), 64)
  t.equal(await status(...files, ...only, '--positives', 'id'), 64)
  t.equal(await status(...files), 65, 'two images, four texts')
  await writeFile(judgements, '0 0 0\n')
  const ended = await pcm('eval', [...files, ...only])
  t.equal(ended.status, 65)
  t.match(ended.stderr, /qrels.txt: line 1: found '0 0 0', expected QUERY 0 DOCUMENT GRADE/)
  await writeFile(
    image,
    npy([
      [3, NaN],
      [0, 2],
    ]),
  )
  await writeFile(
    text,
    npy([
      [1, 0],
      [0, 1],
    ]),
  )
  t.match((await pcm('eval', files)).stderr, /image.npy: row 0: value 1 is NaN/)
})

t.test('run and qrels for trec_eval and its kin', async t => {
  const run = join(folder, 'run.txt')
  const qrels = join(folder, 'written.txt')
  const files = ['--run', run, '--write-qrels', qrels]
  await json(small, '--direction', 'caption>photo', ...files, '--where', 'id=a,b')
  t.equal(await readFile(qrels, 'utf8'), 'a 0 a 1\na#2 0 a 1\nb 0 b 1\n')
  const lines = (await readFile(run, 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => line.split(' '))
  t.same(
    lines.map(([query, , document, rank]) => [query, document, rank].join(' ')),
    ['a a 1', 'a b 2', 'a#2 b 1', 'a#2 a 2', 'b b 1', 'b a 2'],
  )
  t.ok(lines.every(line => line[1] === 'Q0' && Number(line[4]) <= 1 + 1e-6 && line[5] === 'pcm'))
  t.equal((await pcm('eval', [small, ...files])).status, 64, 'of which direction?')
})
