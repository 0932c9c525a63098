import { PcmError } from '../../error.js'
import { sendError, type SentError } from '../../threads/sent-error.js'
import { serve } from '../../threads/serve.js'
import type { ModalityAddress } from '../address.js'
import { openEncoder } from './registry.js'
import type { Encoder, Raw } from './types.js'

/** What a thread is asked. */
export interface Job {
  address: ModalityAddress
  items: readonly Raw[]
}

/** What a thread answers: a result an item, or why the encoder cannot be opened, or a bug. */
export type Answer =
  { results: (Float32Array | SentError)[] } | { refused: SentError } | { bug: unknown }

const encoders = new Map<string, Promise<Encoder>>()

const answer = async ({ address, items }: Job): Promise<Answer> => {
  try {
    let encoder = encoders.get(address.text)
    if (!encoder) encoders.set(address.text, (encoder = openEncoder(address, 1)))
    const results = await (await encoder).encode(items)
    return { results: results.map(one => (one instanceof PcmError ? sendError(one) : one)) }
  } catch (error) {
    return error instanceof PcmError ? { refused: sendError(error) } : { bug: error }
  }
}

serve<Job>(async (job, port) => {
  const reply = await answer(job)
  const vectors = 'results' in reply ? reply.results.filter(one => one instanceof Float32Array) : []
  port.postMessage(
    reply,
    vectors.map(({ buffer }) => buffer as ArrayBuffer),
  )
})
