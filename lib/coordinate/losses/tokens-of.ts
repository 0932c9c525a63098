import { tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import type { Scene } from './loss.js'

/** The unit tokens of a modality; a vector is a sequence of one token. */
export const tokensOf = (scene: Scene, modality: string): Tokens => {
  const u = scene.units[modality]!
  return scene.tokens!(modality) ?? { values: tf.expandDims(u, 1), mask: tf.ones([u.shape[0], 1]) }
}
