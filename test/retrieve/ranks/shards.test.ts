import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseShard, rangeOf } from '../../../lib/retrieve/ranks/shard.js'
import { pcm } from '../../programs/program.js'
import { writeEmbeddings } from '../embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from '../vectors.js'

const folder = t.testdir()
const at = (name: string) => join(folder, name)

let state = 5
const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
const coarse = () => unit(Array.from({ length: 3 }, () => Math.round(draw() * 4) || 0.5))
const ROWS = 41

const write = (name: string) =>
  writeEmbeddings(at(name), {
    ...others({
      id: Array.from({ length: ROWS }, (_, i) => `item ${i}`),
      class: Array.from({ length: ROWS }, (_, i) => ['x', 'y', null][i % 3]!),
      year: Array.from({ length: ROWS }, (_, i) => 2000 + (i % 2)),
    }),
    photo: vectorColumn(
      Array.from({ length: ROWS }, (_, i) => (i % 7 ? coarse() : undefined)),
      3,
    ),
    caption: viewsColumn(
      Array.from({ length: ROWS }, (_, i) => Array.from({ length: i % 4 }, coarse)),
      3,
    ),
    sound: vectorColumn(Array.from({ length: ROWS }, coarse)),
  })

t.before(async () => {
  await write('one.arrows')
  await write('other.arrows')
})

const run = async (t: Test, ...args: string[]) => {
  const { status, stdout, stderr } = await pcm('eval', args)
  t.equal(status, 0, stderr)
  return stdout
}

const ALL = 'r@k,recall@k,p@k,map@k,ndcg@k,medr,meanr,mrr,map,rprec,minp,rsum'

const inShards = async (t: Test, name: string, order: readonly number[], ...args: string[]) => {
  const parts = order.map(part => at(`${name}.${part}`))
  for (const [i, part] of order.entries())
    await run(
      t,
      ...[at(name), '--shard', `${part}/${order.length}`, '--format', 'ranks'],
      ...['-o', parts[i]!, '--by', 'class', '--by', 'year', ...args],
    )
  const whole = at(`${name}.ranks`)
  const { status, stderr } = await pcm('cat', [...parts, '-o', whole])
  t.equal(status, 0, stderr)
  return whole
}

t.test(
  'shards of the queries make the table of one run, to the last digit (METHODS 5, pitfall 6)',
  async t => {
    const how = ['--metrics', ALL, '--by', 'class', '--by', 'year', '--bootstrap', '200']
    const directions = ['--direction', 'photo+sound:0.3>caption', '--direction', 'caption>photo']
    const more = [...directions, '--direction', 'photo>caption', '--direction', 'photo>photo']
    const whole = await inShards(t, 'one.arrows', [2, 3, 1], ...more, '--positives', 'year')
    for (const format of ['json', 'table'])
      for (const ties of ['pessimistic', 'mean']) {
        const asked = [...how, '--format', format, '--ties', ties]
        const direct = await run(t, at('one.arrows'), ...more, '--positives', 'year', ...asked)
        t.equal(`${await run(t, whole, ...asked)}`, `${direct}`, `${format}, ${ties}`)
      }
  },
)

t.test('two systems are compared by their ranks as by their embeddings', async t => {
  const [one, other] = [
    await inShards(t, 'one.arrows', [1, 2]),
    await inShards(t, 'other.arrows', [2, 1]),
  ]
  const direct = await run(t, at('one.arrows'), '--against', at('other.arrows'))
  const byRanks = await run(t, one, '--against', other)
  t.equal(`${byRanks}`.replaceAll(other, at('other.arrows')), `${direct}`)
})

t.test('a part that is missing, or there twice, is bad data', async t => {
  const whole = await inShards(t, 'one.arrows', [1, 2])
  for (const parts of [['1'], ['1', '1'], ['1', '2', '2']]) {
    const file = at('wrong.ranks')
    await pcm('cat', [...parts.map(part => at(`one.arrows.${part}`)), '-o', file])
    const { status, stderr } = await pcm('eval', [file])
    t.equal(status, 65)
    t.match(stderr, /expected each of \d+ queries once\n {2}put all shards together/)
  }
  t.ok(whole)
})

t.test('what cannot be had of a part, or of ranks, is refused', async t => {
  const whole = await inShards(t, 'one.arrows', [1, 2])
  const input = at('one.arrows')
  for (const [args, said] of [
    [[input, '--shard', '1/2'], /numbers of a part of the queries say little/],
    [[input, '--shard', '3/2', '--format', 'ranks'], /expected I\/N/],
    [[input, '--format', 'ranks', '--bootstrap', '100'], /--bootstrap and --format ranks/],
    [[whole, '--direction', 'photo>caption'], /holds ranks, which are made already/],
    [[whole, '--hubness', '10'], /--hubness/],
  ] as const) {
    const { status, stderr } = await pcm('eval', [...args])
    t.equal(status, 64, stderr)
    t.match(stderr, said)
  }
  const { status, stderr } = await pcm('eval', [whole, '--by', 'split'])
  t.equal(status, 65)
  t.match(stderr, /do not say what 'split' is, only class, year/)
})

t.test('parts cover everything once', async t => {
  for (const count of [0, 1, 5, 100])
    for (const of of [1, 2, 3, 7]) {
      const ranges = Array.from({ length: of }, (_, i) => rangeOf({ part: i + 1, of }, count))
      t.equal(ranges[0]![0], 0)
      t.equal(ranges.at(-1)![1], count)
      for (let i = 1; i < of; i++) t.equal(ranges[i]![0], ranges[i - 1]![1])
    }
  for (const wrong of ['0/2', '1', '1/0', 'a/b', '1/2/3', '-1/2']) t.throws(() => parseShard(wrong))
})
