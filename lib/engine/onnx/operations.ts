import { kernels } from './kernels/index.js'

/** Names of the TensorFlow.js kernels that can be traced, in order; composed operations need no entry. */
export const operations: readonly string[] = Object.keys(kernels).sort()
