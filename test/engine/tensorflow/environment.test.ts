import t from 'tap'
import { visibleDevice } from '../../../lib/engine/tensorflow/environment.js'

const auto = { kind: 'auto' } as const
const gpu = (index?: number) => ({ kind: 'gpu', index }) as const

t.test('one GPU is seen: the first, or the one that was asked for', async t => {
  t.equal(visibleDevice(auto, undefined), '0')
  t.equal(visibleDevice(gpu(), undefined), '0')
  t.equal(visibleDevice(gpu(3), undefined), '3')
})

t.test('the choice of a batch system holds: numbers count what it lets through', async t => {
  t.equal(visibleDevice(gpu(), '2,5'), '2')
  t.equal(visibleDevice(gpu(1), '2, 5'), '5')
  t.equal(visibleDevice(gpu(), 'GPU-8932f937'), 'GPU-8932f937')
  t.equal(visibleDevice(auto, '4'), '4')
  t.equal(visibleDevice(auto, ''), '-1')
  t.throws(() => visibleDevice(gpu(2), '2,5'), { exit: 69, message: /lets 2 GPUs through/ })
  t.throws(() => visibleDevice(gpu(), '-1'), { exit: 69, message: /lets 0 GPUs through/ })
  t.throws(() => visibleDevice(gpu(1), '3,-1,4'), { message: /lets 1 GPUs/ })
})
