import t from 'tap'
import { openTensorflow } from '../../../lib/engine/tensorflow/engine.js'
import { conforms } from '../conformance.js'
import { withEngine } from '../with-engine.js'

await withEngine(
  t,
  'libtensorflow',
  async () => await openTensorflow({ device: { kind: 'auto' }, threads: 1 }),
  conforms,
)
