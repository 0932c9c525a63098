import type { ScoreBlock } from '../similarity.js'
import { KERNEL } from './kernel.js'
import type { Marks } from './marks.js'

const PAGE = 1 << 16
/** Words of a mark in memory: row, floor, ceiling, reaching, clear. */
const WORDS = 5
/** Marks that are counted together. */
const MARKS = 1 << 13

interface Kernel {
  count(scores: number, stride: number, entries: number, mark: number, end: number): void
}

/**
 * A block of scores in the memory of a WebAssembly module, which counts them four at a time: an
 * engine writes them there, and nothing is copied.
 */
export class ScoreMemory {
  /** (rows x columns), row-major; the engine's to write. */
  readonly scores: Float32Array
  private readonly words: Int32Array
  private readonly numbers: Float32Array
  private readonly kernel: Kernel

  constructor(rows: number, columns: number) {
    const bytes = 4 * (rows * columns + WORDS * MARKS)
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) })
    const module = new WebAssembly.Module(Buffer.from(KERNEL, 'base64'))
    const { exports } = new WebAssembly.Instance(module, { pcm: { memory } })
    this.kernel = exports as unknown as Kernel
    this.scores = new Float32Array(memory.buffer, 0, rows * columns)
    this.words = new Int32Array(memory.buffer, this.scores.byteLength, WORDS * MARKS)
    this.numbers = new Float32Array(memory.buffer, this.scores.byteLength, WORDS * MARKS)
  }

  count({ entries, stride }: Pick<ScoreBlock, 'entries' | 'stride'>, marks: Marks): void {
    const { words, numbers } = this
    for (let first = 0; first < marks.count; first += MARKS) {
      const count = Math.min(MARKS, marks.count - first)
      for (let m = 0, at = 0; m < count; m++, at += WORDS) {
        words[at] = marks.rows[first + m]!
        numbers[at + 1] = marks.floors[first + m]!
        numbers[at + 2] = marks.ceilings[first + m]!
      }
      const from = words.byteOffset
      this.kernel.count(0, 4 * stride, entries, from, from + 4 * WORDS * count)
      for (let m = 0, at = 0; m < count; m++, at += WORDS) {
        marks.reaching[first + m] = words[at + 3]!
        marks.clear[first + m] = words[at + 4]!
      }
    }
  }
}
