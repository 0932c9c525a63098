import t from 'tap'
import { largest } from './difference.js'

t.test('a share of the largest value expected', async t => {
  t.equal(largest([1, 2, 3], [1, 2, 3]), 0)
  t.equal(largest([0, 0], [0, 0]), 0)
  t.equal(largest([1, 2.5, -4], [1, 2, -4]), 0.125)
})

t.test('what is no number, or not there, never agrees', async t => {
  t.equal(largest([1, NaN], [1, 2]), Infinity)
  t.equal(largest([1, 2], [1, NaN]), Infinity)
  t.equal(largest([1], [1, 2]), Infinity)
  t.equal(largest([1e-30], [0]), Infinity)
})
