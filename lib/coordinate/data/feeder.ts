import type { Numbers, Spec } from '../../engine/types.js'
import { drawAugmentation } from '../augment.js'
import type { ModalityHead } from '../layout.js'
import type { Pair } from '../losses/loss.js'
import { pairName } from '../losses/loss.js'
import {
  augmentationOf,
  drawsOf,
  looksAtModalities,
  momentOf,
  type NamedDraw,
} from '../losses/sum.js'
import type { Moment, WeightedTerm } from '../losses/term.js'
import { dropoutMask, key, permutation, Purpose, uniform, wordKey } from '../random.js'
import { Input, type Relations } from '../step.js'
import type { Dataset } from './dataset.js'
import { hardBatch } from './hard-batches.js'
import type { Neighbours } from './neighbours.js'
import { padSequences } from './tokens.js'
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
      /** Where batches are made of neighbours: who they are, and how many come together. */
      neighbours?: Neighbours | undefined
      together?: number
      /** Inputs that augment features. */
      augmentation?: Readonly<Record<string, Spec>>
    },
  ) {
    const modalities = options.heads.map(({ name }) => name)
    this.draws = drawsOf(options.terms, {
      batch: options.batch,
      modalities,
      pairs: options.pairs,
    })
  }

  /** Whole batches only: the remainder of an epoch comes first or last in another one. */
  get stepsPerEpoch(): number {
    return Math.floor(this.rows.length / this.options.batch)
  }

  /** The inputs of each step of an epoch from step `first` on, but for learning rate and corrections. */
  *epoch(epoch: number, first = 0): Generator<Record<string, Numbers>> {
    const { seed } = this.options
    const order = permutation(this.rows.length, key(seed, Purpose.order, epoch))
    for (let step = first; step < this.stepsPerEpoch; step++) {
      const places = this.places(order, epoch, step)
      yield this.inputs(
        places.map(i => this.rows[i]!),
        epoch,
        step,
      )
    }
  }

  /** Which of the training rows make a batch. */
  private places(order: Int32Array, epoch: number, step: number): Int32Array {
    const { batch, seed, neighbours, together = 1 } = this.options
    if (!neighbours) return order.subarray(step * batch, (step + 1) * batch)
    const sequence = key(seed, Purpose.neighbours, epoch, step)
    return hardBatch(order, neighbours, { batch, together, step, sequence })
  }

  private inputs(chosen: Int32Array, epoch: number, step: number): Record<string, Numbers> {
    const { heads, pairs, relations, seed, terms } = this.options
    const inputs: Record<string, Numbers> = {}
    for (const head of heads) {
      this.features(inputs, head, chosen, epoch)
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
    const moment = (name: string): Moment => momentOf(name, seed, epoch, step, this.stepsPerEpoch)
    for (const { name, fill } of this.draws) inputs[name] = fill(moment(name))
    const augmentation = augmentationOf(terms)
    for (const [name, spec] of Object.entries(this.options.augmentation ?? {}))
      inputs[name] = drawAugmentation(augmentation!, name, spec, moment(name).key)
    return inputs
  }

  /** Features of the chosen rows; of several views, one drawn for this row and epoch. */
  private features(
    inputs: Record<string, Numbers>,
    { name }: ModalityHead,
    chosen: Int32Array,
    epoch: number,
  ): void {
    const modality = this.data.modalities[name]!
    const input = Input.feature(name)
    if (modality.type === 'codes') {
      inputs[input] = chosen.map(r => modality.codes[r]!)
      return
    }
    const { dim, values, offsets, tokenOffsets } = modality
    const sequence = key(this.options.seed, Purpose.view, wordKey(name), epoch)
    const views = chosen.map(r => {
      const count = offsets[r + 1]! - offsets[r]!
      if (count === 0) return -1
      return offsets[r]! + (count > 1 ? Math.floor(uniform(sequence, r) * count) : 0)
    })
    if (tokenOffsets) {
      const tokens = this.options.relations.tokens![name]!
      const out = this.floats(input, chosen.length * tokens * dim)
      const { lengths } = padSequences({ values, dim, tokenOffsets }, views, tokens, out)
      Object.assign(inputs, { [input]: out, [Input.length(name)]: lengths })
      return
    }
    const out = (inputs[input] = this.floats(input, chosen.length * dim))
    for (const [i, view] of views.entries())
      if (view < 0) out.fill(0, i * dim, (i + 1) * dim)
      else copyVector(values, dim, view, out, i * dim)
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
