import { type Tensor, type Tensor2D, type Tensor3D, tf } from '../engine/tf.js'
import type { Parameters } from './heads/head.js'
import { type ModalityHead, parametersOf, sharedOwner } from './layout.js'
import { POOLINGS, poolsVectors } from './poolings/index.js'

/** The tokens of each item in the shared space: values (B, L, d), mask (B, L), 1 where there is one. */
export interface Tokens {
  values: Tensor3D
  mask: Tensor2D
}

/** What a head makes of a batch, before any norm is taken. */
export interface Made {
  /** One vector an item, (B, d). */
  vectors: Tensor2D
  /** Where the features are sequences of tokens: what it made of each. */
  tokens?: Tokens
}

/**
 * Runs the head of a modality over features (B, D) or codes (B); over tokens (B, L, D) with their
 * mask, each by itself, and then pools them; some poolings have a meaning for vectors, too. A dropout mask serves all tokens of an item alike
 * (Gal and Ghahramani 2016).
 */
export function forward(
  { name, head, pooling }: ModalityHead,
  x: Tensor,
  mask: Tensor2D | undefined,
  parameters: Parameters,
  dropouts: readonly Tensor[],
): Made {
  const own = parametersOf(name, parameters)
  const pool = (values: Tensor3D, there: Tensor2D): Tensor2D =>
    POOLINGS[pooling!].pool(values, there, {
      ...parametersOf(sharedOwner(pooling!), parameters),
      ...parametersOf('pooling', own),
    })
  if (!pooling || !mask) {
    const vectors = head.forward(x, own, dropouts)
    if (!poolsVectors(pooling)) return { vectors }
    return { vectors: pool(tf.expandDims(vectors, 1), tf.ones([vectors.shape[0], 1])) }
  }
  const [items, tokens, width] = x.shape as [number, number, number]
  const masks = dropouts.map(dropout => {
    const each = tf.mul(tf.ones([items, tokens, 1]), tf.expandDims(dropout, 1))
    return tf.reshape(each, [items * tokens, dropout.shape[1]!])
  })
  const flat = head.forward(tf.reshape(x, [items * tokens, width]), own, masks)
  const values: Tensor3D = tf.reshape(flat, [items, tokens, flat.shape[1]])
  return { vectors: pool(values, mask), tokens: { values, mask } }
}
