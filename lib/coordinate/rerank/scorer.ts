import type { Compiled, Engine, Program, State } from '../../engine/types.js'
import { longest, padSequences } from '../data/tokens.js'
import type { LocalTokens } from './local-tokens.js'
import { BLOCK } from './sequences.js'

/** The two sides of a pair: `a` is asked, `b` asks. */
export interface Sides<T> {
  a: T
  b: T
}

/**
 * `match`: the logit of belonging together, as the originals have it. `ratio`: its difference from
 * that of not belonging, added to the logit of the search: the encoder learns to tell partners from
 * what the softmax of the similarities draws, so that its best answer is log p / q, where q is that
 * softmax and p what is sought (METHODS 2.5; the sum is ours). `late`: late interaction of the tokens
 * of query and entry, without a fusion encoder (METHODS 3.9).
 */
export const SCORES = ['ratio', 'match', 'late'] as const
export type Score = (typeof SCORES)[number]

/** Makes a program with the inputs of `sequenceInputs` and one output, score (BLOCK). */
export type ScoreProgram = (tokens: Sides<number>, dim: number) => Program

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
    sides: Sides<LocalTokens>,
    program: ScoreProgram,
  ): Promise<Scorer> {
    const tokens = { a: longest(sides.a.tokenOffsets), b: longest(sides.b.tokenOffsets) }
    return new Scorer(await engine.compile(program(tokens, sides.a.dim), state), sides, tokens)
  }

  /** Scores of as many pairs of entries, by their places, without what the search adds. */
  async score({ a, b }: Sides<readonly number[]>): Promise<Float32Array> {
    const scores = new Float32Array(a.length)
    for (let done = 0; done < a.length; done += BLOCK) {
      const block = (places: readonly number[]): number[] =>
        Array.from({ length: BLOCK }, (_, i) => places[done + i] ?? -1)
      const first = padSequences(this.sides.a, block(a), this.tokens.a)
      const second = padSequences(this.sides.b, block(b), this.tokens.b)
      const { score } = await this.program.run({
        ...{ a: first.x, aLengths: first.lengths },
        ...{ b: second.x, bLengths: second.lengths },
      })
      scores.set((score as Float32Array).subarray(0, Math.min(BLOCK, a.length - done)), done)
    }
    return scores
  }

  dispose(): void {
    this.program.dispose()
  }
}
