import { type Tensor, type Tensor2D, tf } from '../../engine/tf.js'
import type { Tokens } from '../forward.js'
import type { Parameters } from '../heads/head.js'
import { gelu, layerNorm, linear } from '../heads/layers.js'
import { attend, type Rows } from './attention.js'
import { blockName, type FusionSize } from './size.js'

/**
 * Logits of two items not belonging and belonging together, (N, 2): the tokens of one ask those of
 * the other (METHODS 2.5). Blocks of self-attention, cross-attention and feed-forward, each behind a
 * norm and beside the identity; what is read is a start token put before those that ask.
 *
 * `dropouts`: masks (N, width), each for one part of one block; absent outside training.
 */
export function fuse(
  asking: Tokens,
  asked: Tokens,
  p: Parameters,
  { width, blocks, heads }: FusionSize,
  dropouts: readonly Tensor[] = [],
): Tensor2D {
  const items = asking.values.shape[0]
  const keys = rowsOf(asked, p)
  const first = tf.mul(tf.ones([items, 1, 1]), tf.reshape(p.start!, [1, 1, width]))
  const own = rowsOf(asking, p)
  const sequence = tf.concat([first, tf.reshape(own.x, [items, own.tokens, width])], 1)
  const mask = tf.concat([tf.ones([items, 1]), asking.mask], 1)
  let state = flat(sequence)
  for (let at = 0; at < blocks; at++) {
    const name = blockName(at)
    const masks = dropouts.slice(3 * at, 3 * at + 3)
    const norm = ({ x, tokens }: Rows, part: string): Rows => ({
      x: layerNorm(x, p, `${name}.${part}-norm`),
      tokens,
    })
    const normed = norm(state, 'self')
    // Of the last block nothing but the start token is read, so that nothing else has to ask.
    const last = at === blocks - 1
    const asks = last ? startOf(normed, items) : normed
    state = last ? startOf(state, items) : state
    state = plus(state, attend(asks, normed, mask, p, `${name}.self`, heads), masks[0])
    const crossing = norm(state, 'cross')
    state = plus(state, attend(crossing, keys, asked.mask, p, `${name}.cross`, heads), masks[1])
    const feeding = norm(state, 'feed')
    state = plus(
      state,
      linear(gelu(linear(feeding.x, p, `${name}.in`)), p, `${name}.out`),
      masks[2],
    )
  }
  return linear(layerNorm(state.x, p, 'norm'), p, 'match')
}

/** Tokens brought to the width of the encoder, by one map for both sides, which share a space. */
function rowsOf({ values }: Tokens, p: Parameters): Rows {
  const [items, tokens, dim] = values.shape
  const x = tf.mul(tf.reshape(values, [items * tokens, dim]), Math.sqrt(dim))
  return { x: linear(x, p, 'token'), tokens }
}

const flat = (sequence: Tensor): Rows => {
  const [items, tokens, width] = sequence.shape as [number, number, number]
  return { x: tf.reshape(sequence, [items * tokens, width]), tokens }
}

/** The first row of every item. */
function startOf({ x, tokens }: Rows, items: number): Rows {
  const width = x.shape[1]
  const sequence = tf.reshape(x, [items, tokens, width])
  return {
    x: tf.reshape(tf.slice(sequence, [0, 0, 0], [items, 1, width]), [items, width]),
    tokens: 1,
  }
}

function plus({ x, tokens }: Rows, change: Tensor2D, mask: Tensor | undefined): Rows {
  if (!mask) return { x: tf.add(x, change), tokens }
  const [rows, width] = change.shape
  const items = rows / tokens
  const dropped = tf.mul(tf.reshape(change, [items, tokens, width]), tf.expandDims(mask, 1))
  return { x: tf.add(x, tf.reshape(dropped, [rows, width])), tokens }
}
