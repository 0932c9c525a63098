import type { Numbers } from '../../engine/types.js'
import type { ModalityHead } from '../layout.js'
import type { Pair } from '../losses/loss.js'
import { pairName } from '../losses/loss.js'
import { drawsOf, looksAtModalities, momentOf, type NamedDraw } from '../losses/sum.js'
import type { WeightedTerm } from '../losses/term.js'
import { dropoutMask, key, permutation, Purpose, uniform, wordKey } from '../random.js'
import { Input, type Relations } from '../step.js'
import type { Dataset } from './dataset.js'
import { copyVector } from './values.js'

/** Draws the batches of an epoch and fills the inputs of a step; buffers are used again. */
export class Feeder {
  private readonly buffers = new Map<string, Numbers>()
  private readonly draws: readonly NamedDraw[]

  constructor(
    private readonly data: Dataset,
    private readonly rows: Int32Array,
    private readonly options: {
      heads: readonly ModalityHead[]
      pairs: readonly Pair[]
      relations: Relations
      batch: number
      seed: number
      /** Terms of the loss: what they want drawn. */
      terms: readonly WeightedTerm[]
    },
  ) {
    const modalities = options.heads.map(({ name }) => name)
    this.draws = drawsOf(options.terms, { batch: options.batch, modalities })
  }

  /** Whole batches only: the remainder of an epoch comes first or last in another one. */
  get stepsPerEpoch(): number {
    return Math.floor(this.rows.length / this.options.batch)
  }

  /** The inputs of each step of an epoch from step `first` on, but for learning rate and corrections. */
  *epoch(epoch: number, first = 0): Generator<Record<string, Numbers>> {
    const { batch, seed } = this.options
    const order = permutation(this.rows.length, key(seed, Purpose.order, epoch))
    for (let step = first; step < this.stepsPerEpoch; step++) {
      const chosen = order.subarray(step * batch, (step + 1) * batch).map(i => this.rows[i]!)
      yield this.inputs(chosen, epoch, step)
    }
  }

  private inputs(chosen: Int32Array, epoch: number, step: number): Record<string, Numbers> {
    const { heads, pairs, relations, seed, terms } = this.options
    const inputs: Record<string, Numbers> = {}
    for (const head of heads) {
      inputs[Input.feature(head.name)] = this.features(head, chosen, epoch)
      if (head.dropout === 0) continue
      for (const [i, width] of head.head.dropouts(head.size).entries()) {
        const name = Input.dropout(head.name, i)
        const sequence = key(seed, Purpose.dropout, wordKey(head.name), i, epoch, step)
        inputs[name] = dropoutMask(this.floats(name, chosen.length * width), head.dropout, sequence)
      }
    }
    for (const grouping of new Set(pairs.map(relations.grouping)))
      if (relations.shared.has(grouping))
        inputs[Input.groups(grouping)] = chosen.map(r => this.data.groupings[grouping]![r]!)
    for (const pair of pairs)
      if (relations.incomplete.has(pairName(pair)))
        inputs[Input.present(pair)] = this.present([pair.a, pair.b], chosen)
    if (looksAtModalities(terms))
      for (const name of relations.lacking) inputs[Input.has(name)] = this.present([name], chosen)
    for (const { name, fill } of this.draws) inputs[name] = fill(momentOf(name, seed, epoch, step))
    return inputs
  }

  /** Features of the chosen rows; of several views, one drawn for this row and epoch. */
  private features({ name }: ModalityHead, chosen: Int32Array, epoch: number): Numbers {
    const modality = this.data.modalities[name]!
    if (modality.type === 'codes') return chosen.map(r => modality.codes[r]!)
    const { dim, values, offsets } = modality
    const sequence = key(this.options.seed, Purpose.view, wordKey(name), epoch)
    const out = this.floats(Input.feature(name), chosen.length * dim)
    for (const [i, r] of chosen.entries()) {
      const count = offsets[r + 1]! - offsets[r]!
      const view = offsets[r]! + (count > 1 ? Math.floor(uniform(sequence, r) * count) : 0)
      if (count === 0) out.fill(0, i * dim, (i + 1) * dim)
      else copyVector(values, dim, view, out, i * dim)
    }
    return out
  }

  /** 1 for the chosen rows that have all of the modalities. */
  private present(modalities: readonly string[], chosen: Int32Array): Float32Array {
    const has = modalities.map(name => this.data.modalities[name]!.present)
    return Float32Array.from(chosen, r => Number(has.every(present => present[r])))
  }

  private floats(name: string, length: number): Float32Array {
    let buffer = this.buffers.get(name)
    if (!buffer) this.buffers.set(name, (buffer = new Float32Array(length)))
    return buffer as Float32Array
  }
}
