import t from 'tap'
import { eagerEngine } from '../../lib/engine/eager-engine.js'
import { jsEngine } from '../../lib/engine/js-engine.js'
import { tf } from '../../lib/engine/tf.js'
import { conforms } from './conformance.js'

t.test('the reference', async t => conforms(t, jsEngine()))

t.test('what goes wrong beside the calls is thrown before numbers are given out', async t => {
  let failed: Error | undefined
  let closed = 0
  const engine = eagerEngine({
    name: 'js',
    description: 'fails',
    threads: 1,
    backend: 'cpu',
    failure: () => failed,
    close: () => void closed++,
  })
  const state = engine.state({ w: { shape: [1], values: Float32Array.of(2) } })
  const compiled = await engine.compile(
    {
      name: 'square',
      inputs: {},
      step: ({ state }) => ({ outputs: { y: tf.square(state.w!) } }),
    },
    state,
  )
  t.same(await compiled.run({}), { y: Float32Array.of(4) })
  failed = new Error('out of memory')
  const tensors = tf.memory().numTensors
  await t.rejects(compiled.run({}), failed)
  await t.rejects(state.read('w'), failed)
  t.equal(tf.memory().numTensors, tensors, 'the outputs are disposed of all the same')
  await engine.dispose()
  t.equal(closed, 1)
  t.equal(tf.memory().numTensors, 0, 'disposing of the engine disposes of its state')
})
