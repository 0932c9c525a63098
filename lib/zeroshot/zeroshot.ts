import { badData, Exit, PcmError } from '../error.js'
import type { Engine } from '../engine/types.js'
import { checkOneSpace } from '../retrieve/one-space.js'
import type { Top } from '../retrieve/top.js'
import { unitColumn } from '../retrieve/unit-column.js'
import type { Batch } from '../stream/batch.js'
import type { InputStream, InputSummary } from '../stream/read.js'
import type { ModalityField } from '../stream/types.js'
import { AccuracyCounter } from './accuracy.js'
import { Classifier } from './classifier.js'
import { namesIn } from './names.js'
import { openInput, type InputOptions } from './open-input.js'
import type { Plan } from './plan.js'
import type { Prototypes } from './prototypes/prototypes.js'
import { vectorsOf } from './vectors-of.js'

export interface ZeroshotOptions extends InputOptions {
  /** How many of the nearest classes are wanted; five are looked at for top5 anyway. */
  top: number
  openEngine(): Promise<Engine>
}

/** The nearest classes of the rows of a batch, for each modality; nothing where a row lacks it. */
export interface Classified {
  batch: Batch
  tops: Map<string, (Top | undefined)[]>
}

/** A classification that is ready to run: the prototypes have been read. */
export interface Zeroshot {
  stream: InputStream
  plan: Plan
  prototypes: Prototypes
  counters: Map<string, AccuracyCounter>
  /** Some labels that are the name of no class. */
  strangers: Set<string>
  classified(): AsyncGenerator<Classified>
  engine(): string
  /** Vectors classified so far, of all modalities. */
  vectors(): number
  /** What was read; known at the end. */
  inputs(): InputSummary[]
  close(): Promise<void>
}

/** Opens the input and reads the prototypes: from a stream of their own, or from the input. */
export const openZeroshot = async (options: ZeroshotOptions): Promise<Zeroshot> => {
  const { stream, batches, plan, prototypes, inputs } = await openInput(options)
  checkOneSpace(plan.fields, stream.name)
  if (prototypes.names.length === 0)
    throw new PcmError(`${options.classes ?? stream.name}: found no prototype, expected some`, {
      exit: Exit.noRows,
    })
  const { dim } = prototypes.vectors
  const other = plan.fields.find(field => field.dim !== dim)
  if (other)
    throw badData(
      `${stream.name}: '${other.name}' has ${other.dim} numbers a vector, the prototypes have ${dim}`,
    )
  const classifier = new Classifier(prototypes, Math.max(5, options.top), options.openEngine)
  const counters = new Map(
    plan.fields.map(({ name }) => [name, new AccuracyCounter(prototypes.names.length)]),
  )
  const strangers = new Set<string>()
  return {
    stream,
    plan,
    prototypes,
    counters,
    strangers,
    async *classified() {
      const indices = new Map(prototypes.names.map((name, i) => [name, i]))
      for await (const batch of batches) {
        const labels = plan.truth && namesIn(batch, plan.truth)
        const tops = new Map<string, (Top | undefined)[]>()
        for (const field of plan.fields) {
          const found = await classifyColumn(classifier, field, batch, stream.name)
          tops.set(field.name, found)
          if (labels) score(counters.get(field.name)!, found, labels, indices, strangers)
        }
        yield { batch, tops }
      }
      // What made a stream is known at its end: prototypes of another space are refused now.
      inputs()
    },
    engine: () => classifier.engine,
    vectors: () => classifier.vectors,
    inputs,
    close: () => classifier.close(),
  }
}

const classifyColumn = async (
  classifier: Classifier,
  field: ModalityField,
  batch: Batch,
  source: string,
): Promise<(Top | undefined)[]> => {
  const column = unitColumn(field, batch.modality(field.name), source, batch.firstRow)
  const { rows, vectors } = vectorsOf(column)
  const tops = Array.from<undefined>({ length: batch.rows }) as (Top | undefined)[]
  for await (const top of classifier.classify(vectors)) tops[rows[top.query]!] = top
  return tops
}

const score = (
  counter: AccuracyCounter,
  tops: readonly (Top | undefined)[],
  labels: readonly (string | null)[],
  indices: ReadonlyMap<string, number>,
  strangers: Set<string>,
): void => {
  for (let row = 0; row < tops.length; row++) {
    const label = labels[row]!
    const top = tops[row]
    if (!top) counter.skipped.missing++
    else if (label === null) counter.skipped.unlabelled++
    else if (indices.has(label)) counter.add(indices.get(label)!, top)
    else {
      counter.skipped.unknown++
      if (strangers.size < 3) strangers.add(label)
    }
  }
}
