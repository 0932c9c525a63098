import { badUsage } from '../../error.js'
import type { Kind } from '../../stream/types.js'
import type { ModalityAddress } from '../address.js'
import { OptionReader } from './option-reader.js'
import type { Encoder, EncoderModule } from './types.js'

interface Entry {
  kinds: readonly Kind[]
  load(): Promise<EncoderModule>
}

/** Every encoder there is, each in its own file, imported only when an address names it. */
const ENCODERS: Readonly<Record<string, Entry>> = {
  hog: { kinds: ['image'], load: () => import('./hog.js') },
  logmel: { kinds: ['audio'], load: () => import('./logmel.js') },
  ngram: { kinds: ['text'], load: () => import('./ngram.js') },
}

/** What an address without `@ENCODER` means. */
const DEFAULTS: Partial<Record<Kind, string>> = { image: 'hog', audio: 'logmel', text: 'ngram' }

/** Opens the encoder of an image, audio or text modality. */
export async function openEncoder({
  text,
  kind,
  encoder,
  options,
}: ModalityAddress): Promise<Encoder> {
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
  const module = await entry.load()
  const reader = new OptionReader(options, text)
  return module.openEncoder({ kind, argument: encoder?.argument, options: reader })
}
