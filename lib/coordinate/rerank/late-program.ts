import { unitRows } from '../../engine/ops/unit-rows.js'
import { type Tensor3D, tf } from '../../engine/tf.js'
import type { Program } from '../../engine/types.js'
import type { Tokens } from '../forward.js'
import { onlyWhere } from '../poolings/mask.js'
import type { ScoreProgram, Sides } from './scorer.js'
import { sequenceInputs, sequenceOf } from './sequences.js'

/**
 * Scores pairs of items by late interaction (METHODS 3.9): the mean over the tokens of the query of
 * their best cosine with a token of the entry.
 */
export const lateProgram =
  (queryIs: keyof Sides<unknown>): ScoreProgram =>
  (tokens, dim): Program => ({
    name: `late interaction, ${queryIs} asking`,
    inputs: sequenceInputs(tokens, dim),
    step({ inputs }) {
      const [query, entry] = [queryIs, queryIs === 'a' ? 'b' : 'a'].map(side => {
        const { values, mask } = sequenceOf(inputs, side as keyof Sides<unknown>)
        return { values: unitRows(values), mask }
      }) as [Tokens, Tokens]
      const cosines = tf.matMul(query.values, entry.values, false, true) as Tensor3D
      const best = tf.max(onlyWhere(cosines, tf.expandDims(entry.mask, 1)), 2)
      const sum = tf.sum(tf.mul(best, query.mask), 1)
      return { outputs: { score: tf.div(sum, tf.maximum(tf.sum(query.mask, 1), 1)) } }
    },
  })
