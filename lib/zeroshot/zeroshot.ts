import { badData, badUsage, Exit, PcmError } from '../error.js'
import type { Engine } from '../engine/types.js'
import { checkOneSpace } from '../retrieve/one-space.js'
import type { Top } from '../retrieve/top.js'
import { unitColumn } from '../retrieve/unit-column.js'
import { vectorsOf } from './vectors-of.js'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type InputSummary } from '../stream/read.js'
import type { ModalityField } from '../stream/types.js'
import type { Where } from '../stream/where.js'
import { AccuracyCounter } from './accuracy.js'
import { Classifier } from './classifier.js'
import { namesIn } from './names.js'
import { planZeroshot, type Plan, type PlanOptions } from './plan.js'
import type { Prototypes } from './prototypes.js'
import { prototypesById, prototypesOfModality } from './read-prototypes.js'
import { openTwice } from './read-twice.js'

export interface ZeroshotOptions extends PlanOptions {
  input: string
  /** The path of a stream of prototypes. */
  classes?: string
  where: Where[]
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
  const { stream, batches, plan, prototypes, inputs } = await open(options)
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
    },
    engine: () => classifier.engine,
    vectors: () => classifier.vectors,
    inputs,
    close: () => classifier.close(),
  }
}

const open = async (options: ZeroshotOptions) => {
  const { input, classes, classModality, where } = options
  const reading = { expect: ['embeddings' as const], where }
  if (classes !== undefined) {
    if (classes === '-' && input === '-')
      throw badUsage('--classes - and the input are both standard input')
    const stream = await openStream(input, reading)
    const plan = planZeroshot(stream.schema, stream.name, { ...options, classModality: undefined })
    const from = await openStream(classes, { expect: ['embeddings'] })
    const { name, schema } = from
    const prototypes = await prototypesById({ name, schema, batches: from }, classModality)
    const inputs = () => [stream.summary(), from.summary()]
    return { stream, batches: stream, plan, prototypes, inputs }
  }
  if (classModality === undefined)
    throw badUsage(
      'the classes are missing',
      'give --classes FILE, a stream of prototypes, or --class-modality NAME',
    )
  const { stream, first, second } = await openTwice(input, reading)
  const { name, schema } = stream
  const plan = planZeroshot(schema, name, options)
  const from = { name, schema, batches: first }
  const prototypes = await prototypesOfModality(from, classModality, plan.truth)
  return { stream, batches: second, plan, prototypes, inputs: () => [stream.summary()] }
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
