import { convolution } from './convolution.js'
import { elementwise } from './elementwise.js'
import type { Kernels } from './kernel.js'
import { linear } from './linear.js'
import { reduction } from './reduce.js'
import { selection } from './select.js'
import { shaping } from './shape.js'

/** Every TensorFlow.js kernel that can be traced; `npm run operations` prints their names. */
export const kernels: Kernels = {
  ...elementwise,
  ...reduction,
  ...linear,
  ...convolution,
  ...shaping,
  ...selection,
}
