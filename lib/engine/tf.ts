/** The one door to TensorFlow.js: it holds the operations and all their gradients, and no engine of ours. */
import type TensorflowJs from '@tensorflow/tfjs'
import { Exit, PcmError } from '../error.js'
import { requireFrom } from './find-package.js'

/** By `require`: `import` reads megabytes of CommonJS for the names it exports, which takes longer. */
const load = (): typeof TensorflowJs => {
  const loaded = requireFrom()('@tensorflow/tfjs') as typeof TensorflowJs
  // Without this the cpu backend greets every process that uses it with an advertisement.
  loaded.enableProdMode()
  return loaded
}

/**
 * TensorFlow.js from the first use on: whoever only asks a head for its shapes does not wait for it.
 * That use puts the library itself in the place of what stands here, for all who import it.
 */
let tf = new Proxy({} as typeof TensorflowJs, {
  get(_, name) {
    tf = load()
    return tf[name as keyof typeof TensorflowJs]
  },
})

export type { io, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Scalar } from '@tensorflow/tfjs'
export { tf }

/** Begins a backend. TensorFlow.js only returns false where it fails, and goes on with another. */
export async function activate(backend: string): Promise<void> {
  if (await tf.setBackend(backend)) return
  throw new PcmError(`the ${backend} backend of TensorFlow.js cannot begin`, {
    exit: Exit.unavailable,
    hint: 'use --device cpu',
  })
}
