import type { Graph, Value } from '../graph.js'
import type { Attributes } from './kernel.js'

/** The activation that TensorFlow.js fuses with a product or a convolution (linear where none is). */
export function activate(
  g: Graph,
  x: Value,
  { activation, leakyreluAlpha }: Attributes,
  preluWeights: Value | undefined,
): Value {
  const node = (op: string, extra: Value[] = [], attributes = {}): Value =>
    g.emit(op, [x, ...extra], x.shape, x.type, attributes)
  switch (activation ?? 'linear') {
    case 'linear':
      return x
    case 'relu':
      return node('Relu')
    case 'relu6':
      return node('Clip', [g.scalar(0, x.type), g.scalar(6, x.type)])
    case 'elu':
      return node('Elu')
    case 'sigmoid':
      return node('Sigmoid')
    case 'leakyrelu':
      return node('LeakyRelu', [], { alpha: { float: leakyreluAlpha ?? 0.2 } })
    case 'prelu':
      return node('PRelu', [preluWeights!])
    default:
      throw new Error(`fused activation ${activation} is not traced`)
  }
}
