import type { Compiled, Engine, Numbers, State } from '../engine/types.js'
import { longest, padSequences } from './data/tokens.js'
import { embedProgram } from './embed-program.js'
import type { Layout, ModalityHead } from './layout.js'

/** Vectors embedded in one run: large enough for the arithmetic, small enough for memory. */
const LARGEST_BLOCK = 4096
const SMALLEST_BLOCK = 16
/** Vectors from which on a run's own cost is small beside its arithmetic. */
const ENOUGH = 128
/** Tokens embedded in one run, padding included. */
const TOKENS = 16384

/** What turns features into embeddings, in this thread or another. Calls may overlap. */
export interface Embeds {
  /** Unit embeddings (count x d) of count vectors (count x D) or codes (count). */
  embed(name: string, values: Numbers): Promise<Float32Array>
  /** Whether the head of a modality wants tokens. */
  takesTokens(name: string): boolean
  /** Unit embeddings (count x d) of as many sequences: s owns tokens offsets[s] .. offsets[s+1]-1. */
  embedTokens(name: string, values: Float32Array, offsets: Int32Array): Promise<Float32Array>
}

/** Runs the heads over any number of vectors, in blocks of a fixed shape; the last is padded. */
export class Embedder implements Embeds {
  private readonly programs = new Map<string, Promise<Compiled>>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly engine: Engine,
    private readonly layout: Layout,
    private readonly state: State,
    /** Whether the vectors that come are raw or already standardised. */
    private readonly options: { raw: boolean },
  ) {}

  embed(name: string, values: Numbers): Promise<Float32Array> {
    return this.inTurn(() => this.embedVectors(name, values))
  }

  takesTokens(name: string): boolean {
    return takesTokens(this.layout, name)
  }

  /** `each` gets the unit embeddings of the tokens of every sequence, in order. */
  embedTokens(
    name: string,
    values: Float32Array,
    offsets: Int32Array,
    each?: (tokens: Float32Array) => void,
  ): Promise<Float32Array> {
    return this.inTurn(() => this.embedSequences(name, values, offsets, each))
  }

  /** Programs do not run twice at once. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work)
    this.last = turn.catch(() => {})
    return turn
  }

  private async embedVectors(name: string, values: Numbers): Promise<Float32Array> {
    const head = this.layout.heads.find(h => h.name === name)!
    const width = head.head.takes === 'codes' ? 1 : head.size.input
    const { output } = head.size
    const count = values.length / width
    const block = this.blockFor(head, count)
    const program = await this.program(head, block)
    const embeddings = new Float32Array(count * output)
    let done = 0
    for (; done + block <= count; done += block)
      await program.run(
        { x: values.subarray(done * width, (done + block) * width) },
        { embedding: embeddings.subarray(done * output, (done + block) * output) },
      )
    if (done === count) return embeddings
    const { embedding } = await program.run({
      x: padded(values.subarray(done * width), block * width),
    })
    embeddings.set((embedding as Float32Array).subarray(0, (count - done) * output), done * output)
    return embeddings
  }

  private async embedSequences(
    name: string,
    values: Float32Array,
    offsets: Int32Array,
    each?: (tokens: Float32Array) => void,
  ): Promise<Float32Array> {
    const head = this.layout.heads.find(h => h.name === name)!
    const { input: dim, output } = head.size
    const count = offsets.length - 1
    const tokens = 2 ** Math.ceil(Math.log2(longest(offsets)))
    const most = Math.max(SMALLEST_BLOCK, TOKENS / tokens)
    const block = Math.min(most, 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BLOCK, count))))
    const program = await this.program(head, block, { tokens, local: each !== undefined })
    const embeddings = new Float32Array(count * output)
    for (let done = 0; done < count; done += block) {
      const chosen = Array.from({ length: block }, (_, i) => (done + i < count ? done + i : -1))
      const { x, lengths } = padSequences({ values, dim, tokenOffsets: offsets }, chosen, tokens)
      const made = await program.run({ x, lengths })
      const [embedding, local] = [made.embedding as Float32Array, made.tokens as Float32Array]
      const end = Math.min(count, done + block)
      embeddings.set(embedding.subarray(0, (end - done) * output), done * output)
      for (let s = done; each && s < end; s++) {
        const at = (s - done) * tokens * output
        each(local.subarray(at, at + (offsets[s + 1]! - offsets[s]!) * output))
      }
    }
    return embeddings
  }

  /** Powers of two, so that few shapes are ever compiled; a block that fits stays in the cache. */
  private blockFor({ size }: ModalityHead, count: number): number {
    const { cache = Infinity } = this.engine
    const widest = 4 * Math.max(size.input, size.hidden, size.output)
    const fits = Math.max(ENOUGH, 2 ** Math.floor(Math.log2(cache / widest)))
    const power = 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BLOCK, count)))
    return Math.min(LARGEST_BLOCK, fits, power)
  }

  private program(
    head: ModalityHead,
    block: number,
    sequences: { tokens?: number; local?: boolean } = {},
  ): Promise<Compiled> {
    const key = `${block} ${sequences.tokens} ${sequences.local} ${head.name}`
    let program = this.programs.get(key)
    if (!program) {
      program = this.engine.compile(
        embedProgram(this.layout, head, { block, ...sequences, raw: this.options.raw }),
        this.state,
      )
      this.programs.set(key, program)
    }
    return program
  }
}

export const takesTokens = ({ heads }: Layout, name: string): boolean =>
  heads.some(head => head.name === name && head.pooling !== undefined)

function padded(values: Numbers, length: number): Numbers {
  if (values.length === length) return values
  const whole = values instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)
  whole.set(values)
  return whole
}
