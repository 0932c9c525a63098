import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { openStream } from '../../lib/stream/read.js'
import { collect } from '../../lib/stream/collect.js'
import { faultOf, pcm } from '../programs/program.js'
import { vectorColumn, viewsColumn, others } from '../retrieve/vectors.js'
import { writeEmbeddings } from '../retrieve/embedding-stream.js'

const folder = t.testdir()
const ids = Array.from({ length: 30 }, (_, i) => `t${i}`)
const around = (i: number) => [Math.cos(i), Math.sin(i), 0.1 * i]
const scaled = (v: number[]) => v.map(x => x / Math.hypot(...v))
const embeddings = join(folder, 'embeddings.arrows')
const metrics = join(folder, 'one.jsonl')

t.before(async () => {
  await writeEmbeddings(embeddings, {
    photo: vectorColumn(
      ids.map((_, i) => (i === 3 ? undefined : scaled(around(i)))),
      3,
    ),
    caption: viewsColumn(
      ids.map((_, i) => [scaled(around(i + 0.1)), scaled(around(i - 0.1))]),
      3,
    ),
    ...others({ id: ids, label: ids.map((_, i) => (i === 0 ? null : `class ${i % 12}`)) }),
  })
  const made = await pcm('eval', [embeddings, '--format', 'json', '-o', metrics])
  if (made.status !== 0) throw new Error(made.stderr)
})

const plot = (...args: string[]) => pcm('plot', args)
const file = (name: string) => join(folder, name)

t.test('the suffix says what is written', async t => {
  const starts = { svg: '<svg ', png: '\x89PNG', json: '{', csv: 'id,modality,label,pca_x,pca_y\n' }
  for (const [suffix, start] of Object.entries(starts)) {
    const path = file(`map.${suffix}`)
    const { status, stderr } = await plot(embeddings, '-o', path)
    t.equal(status, 0, stderr)
    t.match((await readFile(path, 'latin1')).slice(0, start.length), start)
  }
  t.equal((await sharp(file('map.png')).metadata()).format, 'png')
  const spec = JSON.parse(await readFile(file('map.json'), 'utf8'))
  t.match(spec.$schema, /vega-lite/)
  t.equal(spec.data.values.length, 29 + 60, 'a photo and two captions an item, one photo missing')
  t.match(spec.usermeta['pcm.pg'].at(-1).cl, /^pcm-plot /)
  t.equal((await plot(embeddings, '-o', file('map.svg'), '--format', 'csv')).status, 0)
  t.match(await readFile(file('map.svg'), 'utf8'), /^id,/, '--format wins')
  const unknown = await plot(embeddings, '-o', file('map.pdf'))
  t.equal(unknown.status, 64)
  t.match(unknown.stderr, /map\.pdf: found an unknown suffix, expected one of \.svg, /)
})

t.test('coordinates leave as a stream', async t => {
  const path = file('map.arrows')
  t.equal((await plot(embeddings, '--method', 'pca,tsne', '-o', path)).status, 0)
  const { rows, modalities, others } = await collect(await openStream(path), {
    modalities: ['pca', 'tsne'],
    others: ['id', 'modality', 'label'],
  })
  t.equal(rows, 89)
  t.match(modalities['tsne'], { layout: 'vector', dim: 2 })
  t.same(others['id']!.values.slice(0, 4), ['t0', 't1', 't2', 't4'])
  t.equal(others['label']!.values[0], null)
  t.equal(others['modality']!.values.at(-1), 'caption')
})

t.test('same input, options and seed: same bytes', async t => {
  const drawn = async (...args: string[]) => (await plot(embeddings, '--no-pg', ...args)).stdout
  const args = ['--method', 'pca,tsne,umap', '--points', '40']
  const once = await drawn(...args)
  t.ok(once.equals(await drawn(...args)))
  t.notOk(once.equals(await drawn(...args, '--seed', '1')))
  t.notMatch(once.toString(), 'pcm-plot', 'no command line')
})

t.test('a sample holds whole items, and is told of', async t => {
  const { stdout, stderr } = await plot(embeddings, '--points', '20', '--format', 'csv')
  const points = stdout
    .toString()
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.split(','))
  t.ok(points.length <= 20)
  for (const [id] of points)
    t.equal(points.filter(point => point[0] === id).length, id === 't3' ? 2 : 3, `${id} is whole`)
  t.match(stderr, /: drew \d of 30 items at random, \d+ embeddings \(--points 20, --seed 0\)\n/)
  const svg = (await plot(embeddings, '--points', '20')).stdout.toString()
  t.match(svg, /embeddings of \d of 30 items, drawn at random/, 'the picture says so too')
})

t.test('classes beyond nine are grey together', async t => {
  const { stdout } = await plot(embeddings)
  t.match(stdout.toString(), /3 others/)
  t.match(stdout.toString(), /no label/)
  t.notMatch((await plot(embeddings, '--color', 'modality')).stdout.toString(), /others/)
})

t.test('metrics are drawn, from JSON Lines as from a stream', async t => {
  const stream = file('two.arrows')
  await pcm('eval', [embeddings, '--format', 'arrow', '-o', stream])
  const table = async (...inputs: string[]) =>
    (await plot(...inputs, '--format', 'csv')).stdout.toString().trimEnd().split('\n')
  const [, ...fromLines] = await table(metrics)
  const [head, ...fromStream] = await table(stream)
  t.equal(head, 'system,direction,r@1,low,high,chance,queries,pool')
  t.strictSame(
    fromStream.map(line => line.replace(/^two/, 'one')),
    fromLines,
  )
  t.equal((await table(metrics, stream)).length, 1 + 4)
  for (const chart of ['directions', 'matrix', 'subsets']) {
    const { status, stdout } = await plot(metrics, stream, '--chart', chart)
    t.equal(status, 0)
    t.match(stdout.toString(), /^<svg /)
    t.notMatch(stdout.toString(), /NaN|undefined/, chart)
  }
})

t.test('metrics of several systems make one report', async t => {
  const path = file('report.html')
  const { status, stderr } = await plot(metrics, file('two.arrows'), '-o', path)
  t.equal(status, 0, stderr)
  const html = await readFile(path, 'utf8')
  const rows = [
    ...html.matchAll(/<tr><th class="text" scope="row">([^<]*)<\/th><td class="text">(one|two)</g),
  ]
  t.strictSame(
    rows.slice(0, 4).map(([, direction, system]) => `${direction} ${system}`),
    [
      'photo&gt;caption one',
      'photo&gt;caption two',
      'caption&gt;photo one',
      'caption&gt;photo two',
    ],
    'side by side in every direction',
  )
  t.match(html, /pcm-eval [^<]*--format arrow[^<]*\npcm-plot /, 'with the commands that made it')
  t.notMatch(html, /undefined|NaN|\[object/)
})

t.test('what cannot be drawn is refused in one line', async t => {
  await writeFile(file('text.jsonl'), '{"a": 1}\n')
  await writeFile(file('bad.jsonl'), '{"a": 1\n')
  const refused: [string[], number, RegExp][] = [
    [[metrics, '--metric', 'ndcg@5'], 65, /no metric 'ndcg@5', only r@1, r@5, /],
    [[metrics, '--chart', 'map'], 64, /holds metrics, expected embeddings/],
    [[metrics, '--format', 'arrow', '-o', file('x')], 64, /--format arrow: is of maps/],
    [[embeddings, '-o', file('map.html')], 64, /--format html: is of metrics/],
    [[embeddings, '--chart', 'matrix'], 64, /holds embeddings, expected metrics/],
    [[embeddings, metrics], 64, /embeddings beside another input/],
    [[embeddings, '--modality', 'voice'], 65, /no embeddings 'voice', only photo, caption/],
    [[embeddings, '--color', 'nothing'], 64, /has no such column, only id, label/],
    [[file('text.jsonl')], 65, /text\.jsonl: line 1: no key 'direction'/],
    [[file('bad.jsonl')], 65, /bad\.jsonl: line 1: expected a JSON object/],
    [[embeddings, '--where', 'label=none'], 2, /: nothing to draw/],
  ]
  for (const [args, status, message] of refused) {
    const ended = await plot(...args)
    t.equal(ended.status, status, `${args.join(' ')}: ${ended.stderr}`)
    t.match(ended.stderr, message)
    t.equal(faultOf('plot', ended.stderr), '')
  }
})
