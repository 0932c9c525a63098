import t from 'tap'
import { duration, pace } from '../../lib/cli/pace.js'

t.test('rate and time left count what this run has done', t => {
  t.equal(pace({ total: 1000 }, 100, 2), '50/s, 18s left')
  t.equal(pace({ total: 1000, before: 900 }, 910, 5), '2/s, 45s left')
  t.equal(pace({}, 1, 3), '0.333/s', 'without a total nobody knows the end')
  t.equal(pace({ total: 10 }, 10, 1), '10/s, 0s left')
  t.end()
})

t.test('nothing is said while nothing is known', t => {
  t.equal(pace({ total: 10, before: 3 }, 3, 1), '')
  t.equal(pace({ total: 10 }, 1, 0), '')
  t.end()
})

t.test('durations in two units', t => {
  const wanted = {
    0: '0s',
    59.4: '59s',
    59.6: '1m00s',
    163: '2m43s',
    3600: '1h00m',
    100000: '1d03h',
  }
  for (const [seconds, text] of Object.entries(wanted)) t.equal(duration(Number(seconds)), text)
  t.end()
})
