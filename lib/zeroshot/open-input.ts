import { badUsage } from '../error.js'
import type { Batch } from '../stream/batch.js'
import { openStream, type InputStream, type InputSummary } from '../stream/read.js'
import type { StreamSchema } from '../stream/types.js'
import type { Where } from '../stream/where.js'
import { planZeroshot, type Plan, type PlanOptions } from './plan.js'
import type { Prototypes } from './prototypes/prototypes.js'
import { classSide, readPrototypes, type Look, type PrototypeOptions } from './prototypes/read.js'
import { checkSameSpace } from './prototypes/same-space.js'
import { openTwice } from './read-twice.js'

export interface InputOptions extends PlanOptions, PrototypeOptions {
  input: string
  /** The path of a stream of prototypes. */
  classes?: string
  /** What the prototypes are made of: `A[:WEIGHT][+B[:WEIGHT]]...`. */
  classModality?: string
  where: Where[]
}

/** The prototypes, and the batches that are to be classified by them. */
export interface Input {
  stream: InputStream
  batches: AsyncIterable<Batch>
  plan: Plan
  prototypes: Prototypes
  /** What was read; known at the end. Throws bad data (65) for prototypes of another space. */
  inputs(): InputSummary[]
}

/** Makes what looks at the rows of the prototypes, when their schema is known. */
export type OpenLook = (schema: StreamSchema) => Promise<Look>

/** Opens the input and reads the prototypes: from a stream of their own, or from the input. */
export const openInput = (options: InputOptions, openLook: OpenLook): Promise<Input> => {
  const { classes, classModality } = options
  if (classes !== undefined) return withPrototypes(options, classes, openLook)
  if (classModality !== undefined) return withinInput(options, classModality, openLook)
  throw badUsage(
    'the classes are missing',
    'give --classes FILE, a stream of prototypes, or --class-modality NAME',
  )
}

const EMBEDDINGS = ['embeddings' as const]

const withPrototypes = async (
  options: InputOptions,
  classes: string,
  openLook: OpenLook,
): Promise<Input> => {
  const { input, where, classModality } = options
  if (classes === '-' && input === '-')
    throw badUsage('--classes - and the input are both standard input')
  const stream = await openStream(input, { expect: EMBEDDINGS, where })
  const plan = planZeroshot(stream.schema, stream.name, options)
  const from = await openStream(classes, { expect: EMBEDDINGS })
  const { name, schema } = from
  const side = classSide(schema, name, classModality)
  const labelled = { name, schema, batches: from }
  const look = await openLook(schema)
  const prototypes = await readPrototypes(labelled, side, { column: 'id' }, options, look)
  const inputs = () => {
    const [items, others] = [stream.summary(), from.summary()]
    checkSameSpace(items, others)
    return [items, others]
  }
  return { stream, batches: stream, plan, prototypes, inputs }
}

const withinInput = async (
  options: InputOptions,
  classModality: string,
  openLook: OpenLook,
): Promise<Input> => {
  const { input, where } = options
  const { stream, first, second } = await openTwice(input, { expect: EMBEDDINGS, where })
  const { name, schema } = stream
  const side = classSide(schema, name, classModality)
  const plan = planZeroshot(schema, name, options, side)
  const from = { name, schema, batches: first }
  const look = await openLook(schema)
  const prototypes = await readPrototypes(from, side, plan.truth, options, look)
  return { stream, batches: second, plan, prototypes, inputs: () => [stream.summary()] }
}
