import fc from 'fast-check'
import t from 'tap'
import { parseShard, rangeOf } from '../../lib/extract/shard.js'
import { collect } from './collect.js'

t.test('shards are neighbours, cover all rows once, and differ by one row at most', async t => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 60 }))
  fc.assert(
    fc.property(shape, ([total, count]) => {
      fc.pre(total >= count)
      const ranges = Array.from({ length: count }, (_, at) =>
        rangeOf({ index: at + 1, count }, total),
      )
      let at = 0
      for (const { first, end } of ranges) {
        if (first !== at) return false
        at = end
      }
      const sizes = ranges.map(({ first, end }) => end - first)
      return at === total && Math.max(...sizes) - Math.min(...sizes) <= 1
    }),
    { seed: 14, numRuns: 500 },
  )
  t.pass('500 divisions')
})

t.test('a shard keeps ids, numbers, types and vocabulary of the whole', async t => {
  const rows = ['a,x,1', 'b,y,2', 'c,x,', 'd,z,4.5', 'e,x,5'].join('\n')
  const path = `${t.testdir({ 'm.csv': `name,kind,n\n${rows}\n` })}/m.csv`
  const more = { columns: ['n=n'], split: 'train=0:2,test=2:' }
  const whole = await collect(path, ['c=category:kind', 't=text:name'], more)
  const parts = []
  for (const shard of ['1/3', '2/3', '3/3'])
    parts.push(await collect(path, ['c=category:kind', 't=text:name'], { ...more, shard }))
  for (const name of ['id', 'n', 'split'])
    t.same(
      parts.flatMap(({ values }) => values(name)),
      whole.values(name),
      name,
    )
  for (const part of parts) {
    t.same(part.modalities, whole.modalities)
    t.same(part.others, whole.others)
  }
  t.same(
    parts.map(({ total }) => total),
    [1, 2, 2],
  )
  t.same(
    parts.flatMap(({ first }) => [...(first['c'] as any).codes]),
    [...(whole.first['c'] as any).codes],
  )
})

t.test('arrays without a manifest are divided as well', async t => {
  const mat = 'test/formats/samples/plain.mat'
  const { values, first } = await collect('-', [`a=vector:${mat}::X.0`], { shard: '2/2' })
  t.same(values('id'), ['1', '2'])
  t.same([...(first['a'] as any).values], [2, 3, 4, 5])
})

t.test('what is no shard is refused', async t => {
  for (const text of ['0/2', '3/2', '1', 'a/b', '-1/2', '1/0', ''])
    t.throws(() => parseShard(text), { message: /--shard/, exit: 64 })
  t.throws(() => rangeOf({ index: 1, count: 2 }, 1), { message: /none of the 1 rows/, exit: 2 })
  t.end()
})
