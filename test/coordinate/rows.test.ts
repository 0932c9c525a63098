import t from 'tap'
import { chooseRows, type RowChoice } from '../../lib/coordinate/rows.js'

const N = 200
const everyThird = Array.from({ length: N }, (_, r) => ['train', 'val', 'test'][r % 3]!)

interface Columns {
  id?: (string | null)[]
  split?: (string | null)[]
  fold?: (number | null)[]
}

const choose = (columns: Columns, own: Partial<RowChoice> = {}, seed = 0) => {
  const all = { id: Array.from({ length: N }, (_, r) => `item ${r}`), ...columns }
  const choice = { train: undefined, val: undefined, ...own }
  const { train, val } = chooseRows(choice, name => all[name as keyof Columns], seed)
  return { train: [...train], val: [...val] }
}

const where = (column: string, ...values: string[]) => ({ column, values: new Set(values) })

const overlap = (a: number[], b: number[]): number[] => a.filter(r => b.includes(r))

t.test('without a split, a tenth is held out', async t => {
  const { train, val } = choose({})
  t.equal(val.length, N / 10)
  t.equal(train.length, N - N / 10)
  t.same(overlap(train, val), [])
  t.same(choose({}), { train, val }, 'the same for the same seed')
  t.notSame(choose({}, {}, 1).val, val, 'others for another')
  t.same(
    train,
    train.toSorted((a, b) => a - b),
    'order is kept',
  )
})

t.test('what is held out is held out by id: no item is on both sides', async t => {
  const id = Array.from({ length: N }, (_, r) => `item ${r % 40}`)
  for (let seed = 0; seed < 20; seed++) {
    const { train, val } = choose({ id }, { val: 0.25 }, seed)
    const items = (rows: number[]): Set<string> => new Set(rows.map(r => id[r]!))
    t.equal(items(val).size, 10)
    t.same(
      [...items(val)].filter(item => items(train).has(item)),
      [],
    )
    t.equal(train.length + val.length, N, 'nobody is lost')
  }
})

t.test('a split column is obeyed, and test rows are never touched', async t => {
  const { train, val } = choose({ split: everyThird })
  t.ok(train.every(r => everyThird[r] === 'train'))
  t.ok(val.every(r => everyThird[r] === 'val'))
  t.equal(train.length + val.length, everyThird.filter(s => s !== 'test').length)
  const without = everyThird.map(s => (s === 'val' ? null : s))
  const held = choose({ split: without })
  t.ok(
    [...held.train, ...held.val].every(r => without[r] === 'train'),
    'val comes from train then',
  )
  t.ok(held.val.length > 0)
  for (const own of [{ val: 0.3 }, { val: 0 }] as Partial<RowChoice>[]) {
    const rows = choose({ split: everyThird }, own)
    t.ok(
      [...rows.train, ...rows.val].every(r => everyThird[r] === 'train'),
      JSON.stringify(own),
    )
  }
})

t.test('rows can be named', async t => {
  const fold = Array.from({ length: N }, (_, r) => (r % 7 === 6 ? null : r % 7))
  const rows = choose({ fold }, { train: where('fold', '0', '1'), val: where('fold', '2') })
  t.ok(rows.train.every(r => fold[r] === 0 || fold[r] === 1))
  t.ok(rows.val.every(r => fold[r] === 2))
  t.same(
    choose({ fold }, { train: where('fold', '0'), val: 0 }).val,
    [],
    'no validation where none is wanted',
  )
  const both = choose({ fold }, { train: where('fold', '0', '1'), val: where('fold', '1') })
  t.same(overlap(both.train, both.val), [], 'a row in both is held out')
  t.same(choose({ fold }, { train: where('fold', '6') }).train, [], 'a missing value is no value')
  const own = choose({ split: everyThird, fold }, { train: where('fold', '3') })
  t.ok(
    [...own.train, ...own.val].every(r => fold[r] === 3),
    '--train comes before the split',
  )
})

t.test('few items still leave something to train on', async t => {
  const { train, val } = choose({ id: ['a', 'b', 'c'] })
  t.equal(train.length, 3)
  t.same(val, [])
})
