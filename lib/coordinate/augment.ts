import { type Tensor, type Tensor2D, tf } from '../engine/tf.js'
import type { Numbers, Spec, Tensors } from '../engine/types.js'
import type { ModalityHead } from './layout.js'
import { dropoutMask, key, normal, uniform } from './random.js'

/** How a second view of an item is made of its features (METHODS 2.1, 2.3). */
export interface Augmentation {
  /** Deviation of Gaussian noise that is added, in deviations of the standardised feature. */
  noise: number
  /** Share of the features that are dropped. */
  features: number
  /**
   * Largest share of the tokens that are dropped: of each item r times this, r drawn from [0, 1),
   * and none where r is below 0.2. The first token stays.
   */
  tokens: number
}

const KINDS = ['noise', 'features', 'tokens'] as const
type Kind = (typeof KINDS)[number]

const inputOf = (kind: Kind, modality: string): string => `augment/${kind}/${modality}`

/** Inputs that augment one modality; `shape` is that of its batch without the features: (B) or (B, L). */
export function augmentationInputs(
  augmentation: Augmentation | undefined,
  { name, head, size }: ModalityHead,
  shape: number[],
): Record<string, Spec> {
  const inputs: Record<string, Spec> = {}
  if (!augmentation || head.takes === 'codes') return inputs
  const put = (kind: Kind, own: number[]): void => {
    if (augmentation[kind] > 0) inputs[inputOf(kind, name)] = { shape: own, dtype: 'float32' }
  }
  put('noise', [...shape, size.input])
  put('features', [...shape, size.input])
  if (shape.length > 1) put('tokens', shape)
  return inputs
}

/** The features of a batch and the mask of their tokens, augmented by what was drawn. */
export function augmented(
  modality: string,
  x: Tensor,
  mask: Tensor2D | undefined,
  inputs: Tensors,
): { x: Tensor; mask: Tensor2D | undefined } {
  const [noise, features, tokens] = KINDS.map(kind => inputs[inputOf(kind, modality)])
  const dropped = features ? tf.mul(x, features) : x
  return {
    x: noise ? tf.add(dropped, noise) : dropped,
    mask: mask && tokens ? (tf.mul(mask, tokens) as Tensor2D) : mask,
  }
}

/** What is drawn for an input of `augmentationInputs`. */
export function drawAugmentation(
  augmentation: Augmentation,
  name: string,
  { shape }: Spec,
  sequence: number,
): Numbers {
  const kind = KINDS.find(kind => name.startsWith(inputOf(kind, '')))!
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1))
  if (kind === 'features') return dropoutMask(out, augmentation.features, sequence)
  if (kind === 'tokens') return keptTokens(out, shape[1]!, augmentation.tokens, sequence)
  for (let i = 0; i < out.length; i++) out[i] = augmentation.noise * normal(sequence, i)
  return out
}

function keptTokens(
  out: Float32Array,
  tokens: number,
  most: number,
  sequence: number,
): Float32Array {
  for (let at = 0; at < out.length; at += tokens) {
    const drawn = uniform(key(sequence, at), 0)
    const share = drawn > 0.2 ? most * drawn : 0
    for (let k = 0; k < tokens; k++)
      out[at + k] = k === 0 || uniform(sequence, at + k) >= share ? 1 : 0
  }
  return out
}
