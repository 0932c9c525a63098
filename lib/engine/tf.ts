/** The one door to TensorFlow.js: it holds the operations and all their gradients, and no engine of ours. */
import type TensorflowJs from '@tensorflow/tfjs'
import { Exit, PcmError } from '../error.js'
import { requireFrom } from './find-package.js'

/** By `require`: `import` reads megabytes of CommonJS for the names it exports, which takes longer. */
const tf = requireFrom()('@tensorflow/tfjs') as typeof TensorflowJs

// Without this the cpu backend greets every process that uses it with an advertisement.
tf.enableProdMode()

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
