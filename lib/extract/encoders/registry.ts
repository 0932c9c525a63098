import { badUsage } from '../../error.js'
import type { Kind } from '../../stream/types.js'
import type { ModalityAddress } from '../address.js'
import type { Pool } from './pool.js'
import { OptionReader } from './option-reader.js'
import type { Encoder, EncoderModule, EncoderRequest } from './types.js'

interface Entry {
  kinds: readonly Kind[]
  /** What must follow the name and a colon, if anything may. */
  argument?: string
  /** From how many items on threads of our own pay; undefined where the encoder has its own. */
  threadsFrom?: number
  load(): Promise<EncoderModule>
}

/** Every encoder there is, each in its own file, imported only when an address names it. */
const ENCODERS: Readonly<Record<string, Entry>> = {
  hog: { kinds: ['image'], threadsFrom: 256, load: () => import('./hog.js') },
  logmel: { kinds: ['audio'], threadsFrom: 128, load: () => import('./logmel.js') },
  ngram: { kinds: ['text'], threadsFrom: 4096, load: () => import('./ngram.js') },
  onnx: { kinds: ['image', 'audio'], argument: 'FILE', load: () => import('./onnx/onnx.js') },
  cmd: {
    kinds: ['image', 'audio', 'text'],
    argument: 'PROGRAM',
    load: () => import('./command/command.js'),
  },
  tfjs: { kinds: ['image'], argument: 'DIR', load: () => import('./tfjs/tfjs.js') },
  hf: {
    kinds: ['image', 'audio', 'text'],
    argument: 'NAME',
    load: () => import('./hf/hf.js'),
  },
  words: { kinds: ['text'], argument: 'FILE', load: () => import('./words/words.js') },
}

/** What an address without `@ENCODER` means. */
const DEFAULTS: Partial<Record<Kind, string>> = { image: 'hog', audio: 'logmel', text: 'ngram' }

/** Opens the encoder of an image, audio or text modality, to run in this thread. */
export async function openEncoder(
  address: ModalityAddress,
  threads: number,
  { device = 'auto', warn = () => {} }: Partial<Pick<EncoderRequest, 'device' | 'warn'>> = {},
): Promise<Encoder> {
  const { text, kind, encoder, options } = address
  const module = await entryOf(address).load()
  const reader = new OptionReader(options, text)
  const float = reader.float()
  const argument = encoder?.argument
  const request = { kind, argument, options: reader, threads, device, warn }
  return { ...(await module.openEncoder(request)), float }
}

/** The same encoder, its work done by the threads of a pool where `items` are enough for that. */
export function share(
  address: ModalityAddress,
  encoder: Encoder,
  items: number,
  pool: Pool,
): Encoder {
  if (items < (entryOf(address).threadsFrom ?? Infinity)) return encoder
  return { ...encoder, encode: raws => pool.encode(address, raws) }
}

function entryOf({ text, kind, encoder }: ModalityAddress): Entry {
  const name = encoder?.name ?? DEFAULTS[kind] ?? ''
  const entry = Object.hasOwn(ENCODERS, name) ? ENCODERS[name] : undefined
  if (!entry) {
    throw badUsage(
      `${text}: unknown encoder '${name}'`,
      `encoders: ${Object.keys(ENCODERS).join(', ')}`,
    )
  }
  if (!entry.kinds.includes(kind)) {
    throw badUsage(`${text}: ${name} encodes ${entry.kinds.join(' and ')}, not ${kind}`)
  }
  if (entry.argument && !encoder?.argument)
    throw badUsage(`${text}: ${name} needs a ${entry.argument}: @${name}:${entry.argument}`)
  if (!entry.argument && encoder?.argument !== undefined)
    throw badUsage(`${text}: ${name} takes no argument (':${encoder.argument}')`)
  return entry
}
