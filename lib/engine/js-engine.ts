import { eagerEngine } from './eager-engine.js'
import { tf } from './tf.js'
import type { Engine } from './types.js'

/** TensorFlow.js's own cpu backend, in plain JavaScript: the slow reference of the tests. */
export const jsEngine = (): Engine =>
  eagerEngine({
    name: 'js',
    description: `js (@tensorflow/tfjs ${tf.version_core} cpu)`,
    threads: 1,
    backend: 'cpu',
  })
