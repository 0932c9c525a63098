import t from 'tap'
import { openWebgpu } from '../../../lib/engine/webgpu/engine.js'
import { conforms } from '../conformance.js'
import { withEngine } from '../with-engine.js'

await withEngine(t, 'WebGPU', async () => await openWebgpu({ kind: 'auto' }), conforms)
