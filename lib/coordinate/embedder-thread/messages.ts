import type { SentError } from '../../threads/sent-error.js'
import type { Numbers } from '../../engine/types.js'
import type { Parameter } from '../../stream/model.js'
import type { ModelDescription } from '../model.js'

/** What the thread is started with: a model as its stream has it, and cores to compute on. */
export interface Start {
  description: ModelDescription
  parameters: readonly Parameter[]
  threads: number
}

/** Why there is no answer: an error of ours, or a bug. */
export type Failed = { refused: SentError } | { bug: unknown }

/** The first message from the thread: the description of its engine. */
export type Ready = { engine: string } | Failed

/** Vectors or codes of a modality or, with offsets, sequences of tokens. */
export interface Job {
  name: string
  values: Numbers
  offsets?: Int32Array
}

/** Embeddings, and the memory that the values came in. */
export type Answer = { embeddings: Float32Array; memory: ArrayBuffer } | Failed
