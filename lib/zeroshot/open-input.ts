import { badUsage } from '../error.js'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type InputSummary } from '../stream/read.js'
import type { Where } from '../stream/where.js'
import { planZeroshot, type Plan, type PlanOptions } from './plan.js'
import type { Prototypes } from './prototypes.js'
import { prototypesById, prototypesOfModality } from './read-prototypes.js'
import { openTwice } from './read-twice.js'

export interface InputOptions extends PlanOptions {
  input: string
  /** The path of a stream of prototypes. */
  classes?: string
  where: Where[]
}

/** The prototypes, and the batches that are to be classified by them. */
export interface Input {
  stream: InputStream
  batches: AsyncIterable<Batch>
  plan: Plan
  prototypes: Prototypes
  /** What was read; known at the end. */
  inputs(): InputSummary[]
}

/** Opens the input and reads the prototypes: from a stream of their own, or from the input. */
export const openInput = (options: InputOptions): Promise<Input> => {
  const { classes, classModality } = options
  if (classes !== undefined) return withPrototypes(options, classes)
  if (classModality !== undefined) return withinInput(options, classModality)
  throw badUsage(
    'the classes are missing',
    'give --classes FILE, a stream of prototypes, or --class-modality NAME',
  )
}

const EMBEDDINGS = ['embeddings' as const]

const withPrototypes = async (options: InputOptions, classes: string): Promise<Input> => {
  const { input, where, classModality } = options
  if (classes === '-' && input === '-')
    throw badUsage('--classes - and the input are both standard input')
  const stream = await openStream(input, { expect: EMBEDDINGS, where })
  // Here the class modality is a column of the other stream.
  const plan = planZeroshot(stream.schema, stream.name, { ...options, classModality: undefined })
  const from = await openStream(classes, { expect: EMBEDDINGS })
  const { name, schema } = from
  const prototypes = await prototypesById({ name, schema, batches: from }, classModality)
  const inputs = () => [stream.summary(), from.summary()]
  return { stream, batches: stream, plan, prototypes, inputs }
}

const withinInput = async (options: InputOptions, classModality: string): Promise<Input> => {
  const { input, where } = options
  const { stream, first, second } = await openTwice(input, { expect: EMBEDDINGS, where })
  const { name, schema } = stream
  const plan = planZeroshot(schema, name, options)
  const from = { name, schema, batches: first }
  const prototypes = await prototypesOfModality(from, classModality, plan.truth)
  return { stream, batches: second, plan, prototypes, inputs: () => [stream.summary()] }
}
