import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import { linearParameters, type Parameters, type ParameterSpec } from '../heads/head.js'
import { linear } from '../heads/layers.js'

/** Weights of one direction of a gated recurrent unit, gates in the order reset, update, new. */
export const gruParameters = (name: string, inputs: number, units: number): ParameterSpec[] =>
  [
    ...linearParameters(`${name}.input`, inputs, 3 * units),
    ...linearParameters(`${name}.hidden`, units, 3 * units),
  ].map(spec => ({ ...spec, initial: { fanIn: units } }))

/** One step as PyTorch has it: x (n, inputs) and h (n, units), either broadcast, to (n, units). */
export function gruStep(x: Tensor2D, h: Tensor2D, p: Parameters, name: string): Tensor2D {
  const [inR, inZ, inN] = tf.split(linear(x, p, `${name}.input`), 3, 1)
  const [outR, outZ, outN] = tf.split(linear(h, p, `${name}.hidden`), 3, 1)
  const r = tf.sigmoid(tf.add(inR!, outR!))
  const z = tf.sigmoid(tf.add(inZ!, outZ!))
  const n: Tensor = tf.tanh(tf.add(inN!, tf.mul(r, outN!)))
  return tf.add(n, tf.mul(z, tf.sub(h, n)))
}
