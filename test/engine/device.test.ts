import t from 'tap'
import { parseDevice } from '../../lib/engine/device.js'

t.test('the four spellings', async t => {
  t.same(parseDevice('auto'), { kind: 'auto' })
  t.same(parseDevice('cpu'), { kind: 'cpu' })
  t.same(parseDevice('gpu'), { kind: 'gpu', index: undefined })
  t.same(parseDevice('gpu:3'), { kind: 'gpu', index: 3 })
})

t.test('anything else is a usage error', async t => {
  for (const text of ['', 'gpux', 'gpu:', 'gpu:-1', 'gpu:1.5', 'gpu:99999', 'CPU', 'cpu:0', 'tpu'])
    t.throws(() => parseDevice(text), { exit: 64, message: `--device ${text}: expected` }, text)
})
