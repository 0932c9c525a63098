import { Grown } from '../../stream/grown.js'

/** The unit tokens of every vector of a column: entry e owns tokens offsets[e] .. offsets[e+1]-1. */
export class LocalTokens {
  private readonly numbers = new Grown<Float32Array>(new Float32Array(0))
  private readonly ends = new Grown<Int32Array>(Int32Array.of(0))

  constructor(readonly dim: number) {}

  add(tokens: Float32Array): void {
    this.numbers.push(tokens)
    this.ends.push(Int32Array.of(this.numbers.length / this.dim))
  }

  get values(): Float32Array {
    return this.numbers.view()
  }

  get tokenOffsets(): Int32Array {
    return this.ends.view()
  }
}
