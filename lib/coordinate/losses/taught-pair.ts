import type { Tensor2D } from '../../engine/tf.js'
import type { Pair, Scene } from './loss.js'

/** The pairs of which the teacher knows both sides. */
export const taughtPairs = ({ pairs, teacher }: Scene): Pair[] =>
  pairs.filter(({ a, b }) => teacher!.units[a] && teacher!.units[b])

/** Both sides of a pair as the teacher sees them. */
export const taught = (
  { teacher }: Scene,
  { a, b }: Pick<Pair, 'a' | 'b'>,
): [Tensor2D, Tensor2D] => [teacher!.units[a]!, teacher!.units[b]!]
