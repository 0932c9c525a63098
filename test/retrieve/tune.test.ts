import { join } from 'node:path'
import t from 'tap'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn } from './vectors.js'

const path = join(t.testdir(), 'e.arrows')
const ROWS = 120
let state = 9
const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
const places = Array.from({ length: ROWS }, () => Array.from({ length: 6 }, draw))
const near = (noise: number) => places.map(place => unit(place.map(x => x + noise * draw())))

t.before(() =>
  writeEmbeddings(path, {
    ...others({
      id: places.map((_, i) => `${i}`),
      split: places.map((_, i) => ['test', 'val'][i % 2]!),
    }),
    photo: vectorColumn(near(0.1)),
    sharp: vectorColumn(near(0.5)),
    dull: vectorColumn(near(3)),
  }),
)

const run = async (...args: string[]) => {
  const { status, stdout, stderr } = await pcm('eval', [path, '--format', 'json', ...args])
  const lines = stdout.toString().trim().split('\n')
  return { status, stderr, records: status === 0 ? lines.map(line => JSON.parse(line)) : [] }
}

t.test('weights are chosen on the validation rows, and measured on the others', async t => {
  const { records } = await run('--direction', 'sharp+dull>photo', '--tune', 'split=val')
  const [{ direction, queries, pool, protocol, mrr }] = records
  t.equal(direction, 'sharp+dull:0.25>photo', 'what says little counts little')
  t.same([queries, pool], [60, 60])
  const { weights } = protocol
  t.match(weights, { chosen_on: 'split=val', by: 'mrr', queries: 60, tried: 5 })
  t.ok(weights.mrr > weights.mrr_of_equal_weights)
  const on = (value: string) => ['--query', `split=${value}`, '--gallery', `split=${value}`]
  const again = await run('--direction', direction, ...on('test'))
  t.equal(again.records[0].mrr, mrr, 'the same as with these weights given')
  const grid = await Promise.all(
    [1, 0.5, 2, 0.25, 4].map(weight =>
      run('--direction', `sharp+dull:${weight}>photo`, ...on('val')),
    ),
  )
  const best = Math.max(...grid.map(({ records }) => records[0].mrr))
  t.ok(Math.abs(weights.mrr - best) < 1e-9, 'no weight of the grid is better')
})

t.test('a weight that is given stays; a sweep is tuned as well', async t => {
  const given = await run('--direction', 'sharp+dull:3>photo', '--tune', 'split=val')
  t.equal(given.records[0].direction, 'sharp+dull:3>photo')
  t.notOk('weights' in given.records[0].protocol)
  const { records } = await run('--direction', '*>photo', '--tune', 'split=val')
  t.equal(records.at(-1).directions, 3)
  t.equal(records.at(-1).protocol.weights, 'chosen on split=val')
})

t.test('what is tuned on is not evaluated (METHODS 5, pitfall 14)', async t => {
  const tune = ['--direction', 'sharp+dull>photo', '--tune', 'split=val']
  for (const [args, said] of [
    [['--query', 'split=val,test'], /'1' is both tuned on and evaluated/],
    [['--gallery', 'split=val'], /both tuned on and evaluated/],
    [['--against', path], /plain scores of one system/],
  ] as const) {
    const { status, stderr } = await run(...tune, ...args)
    t.equal(status, 64)
    t.match(stderr, said)
  }
  const { status, stderr } = await run(...tune.slice(0, 2), '--tune', 'split=none')
  t.equal(status, 64)
  t.match(stderr, /has no such rows/)
})
