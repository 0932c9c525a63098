/** The one door to TensorFlow.js: it holds the operations and all their gradients, and no engine of ours. */
import tf from '@tensorflow/tfjs'

// Without this the cpu backend greets every process that uses it with an advertisement.
tf.enableProdMode()

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Scalar } from '@tensorflow/tfjs'
export { tf }
