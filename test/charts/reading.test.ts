import t from 'tap'
import { toReading } from '../../lib/charts/reading.js'

const record = {
  direction: 'a>b',
  query: ['a'],
  gallery: ['b'],
  queries: 3,
  pool: 4,
  'r@1': 50,
  map: null,
  ci: { 'r@1': [40, 60], map: null },
  protocol: { positives: { min: 1, mean: 1, max: 1 } },
}

t.test('a record of a direction is read', async t => {
  t.match(toReading(record, 'one', 'x: line 1'), {
    series: 'one',
    values: { 'r@1': 50 },
    intervals: { 'r@1': [40, 60] },
    positives: 1,
  })
  const mixed = { ...record, protocol: { positives: { min: 1, mean: 2, max: 5 } } }
  t.equal(toReading(mixed, 'one', '')?.positives, undefined, 'they differ')
})

t.test('means, pairs and groups are no directions', async t => {
  t.equal(toReading({ direction: 'mean', directions: 2, 'r@1': 5 }, '', ''), undefined)
  t.equal(toReading({ direction: 'a<>b', rsum: 5 }, '', ''), undefined)
  t.equal(toReading({ ...record, by: 'label', value: 'x' }, '', ''), undefined)
  t.ok(toReading({ ...record, by: null }, '', ''), 'a stream has the column for all')
})

t.test('what is no record of pcm-eval is refused with its place', async t => {
  t.throws(() => toReading({ a: 1 }, '', 'f: line 2'), { message: "f: line 2: no key 'direction'" })
  t.throws(
    () => toReading({ ...record, pool: 'x' }, '', 'f: line 2'),
    /^f: line 2: expected numbers/,
  )
})
