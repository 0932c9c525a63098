import t from 'tap'
import { tf } from '../../../lib/engine/tf.js'
import { openWebgpu } from '../../../lib/engine/webgpu/engine.js'
import { conforms } from '../conformance.js'
import { withEngine } from '../with-engine.js'

await withEngine(
  t,
  'WebGPU',
  async () => await openWebgpu({ kind: 'auto' }),
  async (t, engine) => {
    // Small tensors are otherwise computed on the processor, whose kernels nobody doubts.
    tf.env().set('WEBGPU_CPU_FORWARD', false)
    await conforms(t, engine)
  },
)
