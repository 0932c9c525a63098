import fc from 'fast-check'
import t from 'tap'
import { murmur3 } from '../../lib/murmur3.js'
import { openSplit } from '../../lib/extract/split.js'

t.test('murmur3 agrees with the reference implementation (Python package mmh3)', t => {
  const known: [string, number, number][] = [
    ['', 0, 0],
    ['', 1, 1364076727],
    ['a', 0, 1009084850],
    ['hello', 0, 613153351],
    ['hello, world', 42, 2127021762],
    ['日本語', 7, 1862132248],
    ['The quick brown fox', 0x9747b28c, 4157302103],
  ]
  for (const [text, seed, hash] of known) t.equal(murmur3(Buffer.from(text), seed), hash, text)
  t.end()
})

t.test('shares: an id falls on one side whatever its row, and about as often as asked', async t => {
  const split = await openSplit('train=0.8,test=0.2', 0)
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.nat(), fc.nat(), async (id, a, b) => {
      t.equal(split.of(a, id), split.of(b, id))
    }),
    { seed: 1, numRuns: 50 },
  )
  const tests = Array.from({ length: 10000 }, (_, row) => split.of(row, `${row}`))
  const share = tests.filter(name => name === 'test').length / 10000
  t.ok(Math.abs(share - 0.2) < 0.02, `${share} is about 0.2`)
  const other = await openSplit('train=0.8,test=0.2', 1)
  t.ok(
    tests.some((name, row) => name !== other.of(row, `${row}`)),
    'the seed matters',
  )
})

t.test('shares that leave a rest leave rows without a part', async t => {
  const split = await openSplit('train=0.5,val=0.1', 0)
  const names = new Set(Array.from({ length: 500 }, (_, row) => split.of(row, `${row}`)))
  t.same([...names].sort(), [null, 'train', 'val'].sort())
})

t.test(
  'row ranges: the end is not included, a part without an end reaches to the last',
  async t => {
    const split = await openSplit('train=0:3,test=4:', 0)
    t.same(
      [0, 2, 3, 4, 99].map(row => split.of(row, '')),
      ['train', 'train', null, 'test', 'test'],
    )
    const both = await openSplit('train=0:3,test=2:', 0)
    t.throws(() => both.of(2, 'a'), { message: /in both 'train' and 'test'/, exit: 65 })
  },
)

t.test('lists of ids: each id must be some row', async t => {
  const directory = t.testdir({ 'ids.txt': 'a\r\nb\n\n', empty: '' })
  const split = await openSplit(`train=@${directory}/ids.txt`, 0)
  t.same(
    ['a', 'c'].map(id => split.of(0, id)),
    ['train', null],
  )
  t.throws(() => split.finish(), { message: /1 of 2 ids are in no row, as 'b'/, exit: 65 })
  split.of(0, 'b')
  split.finish()
  await t.rejects(openSplit(`train=@${directory}/empty`, 0), { message: /no ids/, exit: 65 })
  await t.rejects(openSplit(`train=@${directory}/nowhere`, 0), {
    message: /no such file/,
    exit: 66,
  })
})

t.test('what cannot be meant is refused', async t => {
  const refused: [RegExp, string][] = [
    [/add up to 1\.1/, 'train=0.8,test=0.3'],
    [/no NAME=PART/, 'train'],
    [/no share in 0\.\.1/, 'train=2'],
    [/no share/, 'train=half'],
    [/holds no rows/, 'train=5:5'],
    [/do not mix/, 'train=0.5,test=5:'],
    [/given twice/, 'a=0.1,a=0.2'],
  ]
  for (const [message, text] of refused) await t.rejects(openSplit(text, 0), { message, exit: 64 })
})
