import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseSweep } from '../../lib/retrieve/sweep.js'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from './vectors.js'

const folder = t.testdir()
const path = join(folder, 'e.arrows')
const ROWS = 30
let state = 3
const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
const places = Array.from({ length: ROWS }, () => Array.from({ length: 4 }, draw))
const near = (i: number, noise: number) => unit(places[i]!.map(x => x + noise * draw()))
const each = <T>(of: (i: number) => T) => Array.from({ length: ROWS }, (_, i) => of(i))

t.before(() =>
  writeEmbeddings(path, {
    ...others({ id: each(i => `${i}`), fold: each(i => `${Math.floor(i / 10)}`) }),
    photo: vectorColumn(each(i => near(i, 0.3))),
    caption: viewsColumn(
      each(i => [near(i, 0.8), near(i, 0.8), ...(i % 2 ? [near(i, 0.8)] : [])]),
      4,
    ),
    sound: vectorColumn(each(i => near(i, 0.8))),
    noise: vectorColumn(each(() => unit(Array.from({ length: 4 }, draw)))),
  }),
)

const json = async (t: Test, ...args: string[]) => {
  const { status, stdout, stderr } = await pcm('eval', [path, '--format', 'json', ...args])
  t.equal(status, 0, stderr)
  const lines = stdout.toString().trim().split('\n')
  return lines.map(line => JSON.parse(line) as Record<string, any>)
}

t.test('folds are the mean of evaluations of consecutive items apart', async t => {
  const how = ['--direction', 'caption>photo', '--metrics', 'r@k,medr,mrr,map']
  const [folded] = await json(t, ...how, '--folds', '3')
  const parts = []
  for (const fold of ['0', '1', '2'])
    parts.push((await json(t, ...how, '--query', `fold=${fold}`, '--gallery', `fold=${fold}`))[0]!)
  for (const key of ['r@1', 'r@5', 'medr', 'mrr', 'map']) {
    const mean = parts.reduce((sum, part) => sum + part[key], 0) / 3
    t.ok(Math.abs(folded![key] - mean) < 1e-7, `${key}: ${folded![key]}, expected ${mean}`)
  }
  t.equal(folded!.queries, 75, 'captions of an item stay together')
  t.equal(folded!.pool, 10)
  t.same(folded!.protocol.folds, { count: 3, pools: [10, 10, 10], of: 'consecutive items' })
  const [whole] = await json(t, ...how)
  t.ok(whole!['r@1'] < folded!['r@1'], 'a thousand and five thousand are never the same')
})

t.test('what is no mean over folds is refused', async t => {
  for (const args of [
    ['--bootstrap', '100'],
    ['--by', 'fold'],
    ['--format', 'ranks'],
  ]) {
    const { status, stderr } = await pcm('eval', [path, '--folds', '3', ...args])
    t.equal(status, 64)
    t.match(stderr, new RegExp(`--folds and ${args[0]}`))
  }
  const { status, stderr } = await pcm('eval', [path, '--folds', '31'])
  t.equal(status, 64)
  t.match(stderr, /there are 30 items only/)
})

t.test('a sweep says which combination helps, and how much', async t => {
  const records = await json(t, '--direction', '*>photo', '--metrics', 'mrr')
  const sweep = records.at(-1)!
  t.equal(sweep.direction, '*>photo')
  t.equal(sweep.directions, 7)
  const value = (name: string) => records.find(({ direction }) => direction === name)!.mrr
  const best = Math.max(...['caption', 'sound', 'noise'].map(name => value(`${name}>photo`)))
  for (const { direction, value: of, gain } of sweep.combinations) {
    t.equal(of, value(direction))
    t.ok(Math.abs(gain - (of - best)) < 1e-7)
  }
  t.equal(sweep.best, 'caption+sound>photo', 'noise does not help')
  t.equal(sweep.best, sweep.combinations[0].direction)
  const { stdout } = await pcm('eval', [path, '--direction', 'photo>*'])
  t.match(stdout.toString(), /photo>\* +queries +r@1 +gain over the best single one\n/)
})

t.test('a sweep leaves out what is on the other side, whatever its weight', async t => {
  const field = (name: string, of?: string[]) =>
    ({ name, of, kind: 'vector', layout: 'vector', dim: 1, float: 'float32', unit: true }) as const
  const fields = [field('a'), field('b'), field('c'), field('a+b', ['a', 'b'])]
  t.same(parseSweep('*>a:2', fields)?.directions, ['b>a:2', 'c>a:2', 'b+c>a:2'])
  t.same(parseSweep('a+b>*', fields)?.directions, ['a+b>c'])
  t.equal(parseSweep('a>b', fields), undefined)
  for (const none of ['*>*', '*', '*>', '>*', '*>a>b']) t.equal(parseSweep(none, fields), undefined)
  const category = { ...field('class'), kind: 'category' as const }
  t.same(parseSweep('*>a', [field('a'), field('b'), category])?.directions, ['b>a'])
})
