import { type Tensor1D, type Tensor3D, tf } from '../../engine/tf.js'
import type { Compiled, Engine, Program, State, Tensors } from '../../engine/types.js'
import { longest, padSequences } from '../data/tokens.js'
import { type FusionDescription, fusionOwner } from '../fusion/description.js'
import { fuse } from '../fusion/fuse.js'
import { type Layout, parametersOf } from '../layout.js'
import { unpack } from '../pieces.js'
import { maskOf } from '../poolings/mask.js'
import type { LocalTokens } from './local-tokens.js'

/** Pairs of items compared in one run. */
const BLOCK = 128

/** The two sides of a pair: `a` is asked, `b` asks. */
export interface Sides<T> {
  a: T
  b: T
}

/**
 * `match`: the logit of belonging together, as the originals have it. `ratio`: its difference from
 * that of not belonging, added to the logit of the search: the encoder learns to tell partners from
 * what the softmax of the similarities draws, so that its best answer is log p / q, where q is that
 * softmax and p what is sought (METHODS 2.5; the sum is ours).
 */
export const SCORES = ['ratio', 'match'] as const
export type Score = (typeof SCORES)[number]

/** Says how well items of one pair match. */
export class Scorer {
  private constructor(
    private readonly program: Compiled,
    private readonly sides: Sides<LocalTokens>,
    private readonly tokens: Sides<number>,
  ) {}

  static async open(
    engine: Engine,
    state: State,
    layout: Layout,
    fusion: FusionDescription,
    pair: string,
    sides: Sides<LocalTokens>,
    score: Score,
  ): Promise<Scorer> {
    const tokens = { a: longest(sides.a.tokenOffsets), b: longest(sides.b.tokenOffsets) }
    const size = { ...fusion, input: sides.a.dim }
    const program = fusionProgram(layout, size, pair, tokens, score)
    return new Scorer(await engine.compile(program, state), sides, tokens)
  }

  /** Scores of as many pairs of entries, by their places, without what the search adds. */
  async score({ a, b }: Sides<readonly number[]>): Promise<Float32Array> {
    const scores = new Float32Array(a.length)
    for (let done = 0; done < a.length; done += BLOCK) {
      const block = (places: readonly number[]): number[] =>
        Array.from({ length: BLOCK }, (_, i) => places[done + i] ?? -1)
      const asked = padSequences(this.sides.a, block(a), this.tokens.a)
      const asking = padSequences(this.sides.b, block(b), this.tokens.b)
      const made = await this.program.run({
        ...{ asked: asked.x, askedLengths: asked.lengths },
        ...{ asking: asking.x, askingLengths: asking.lengths },
      })
      const found = made.match as Float32Array
      scores.set(found.subarray(0, Math.min(BLOCK, a.length - done)), done)
    }
    return scores
  }

  dispose(): void {
    this.program.dispose()
  }
}

function fusionProgram(
  layout: Layout,
  size: Parameters<typeof fuse>[3],
  pair: string,
  tokens: Sides<number>,
  score: Score,
): Program {
  const owner = fusionOwner(pair)
  const { input: dim } = size
  const sequences = (inputs: Tensors, name: string, count: number) => ({
    values: inputs[name] as Tensor3D,
    mask: maskOf(inputs[`${name}Lengths`] as Tensor1D, count),
  })
  return {
    name: `matching of ${pair}`,
    inputs: {
      asked: { shape: [BLOCK, tokens.a, dim], dtype: 'float32' },
      askedLengths: { shape: [BLOCK], dtype: 'int32' },
      asking: { shape: [BLOCK, tokens.b, dim], dtype: 'float32' },
      askingLengths: { shape: [BLOCK], dtype: 'int32' },
    },
    step({ state, inputs }) {
      const own = unpack(layout, state, ({ path }) => path.startsWith(`${owner}/`))
      const parameters = parametersOf(owner, own)
      const asking = sequences(inputs, 'asking', tokens.b)
      const logits = fuse(asking, sequences(inputs, 'asked', tokens.a), parameters, size)
      const [apart, together] = tf.unstack(logits, 1)
      return {
        outputs: { match: score === 'match' ? together! : tf.sub(together!, apart!) },
      }
    },
  }
}
