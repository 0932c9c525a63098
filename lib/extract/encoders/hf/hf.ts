import type { Kind } from '../../../stream/types.js'
import { poolingBy, type Pooling, readPooling } from '../network/pooling.js'
import { preprocessingOf, readPreprocessing } from '../network/preprocessor-config.js'
import type { EncoderRequest, MadeEncoder } from '../types.js'
import { type Around, explained, type Network, openModel } from './model.js'
import { loadTransformers } from './package.js'
import { pictureEncoder } from './picture.js'
import { soundEncoder } from './sound.js'
import { sentencePooling } from './sentence-pooling.js'
import { findSource, type Source } from './source.js'
import { textEncoder } from './text.js'

/** Any model that Transformers.js can run, from a folder or from the Hugging Face hub. */
export async function openEncoder(request: EncoderRequest): Promise<MadeEncoder> {
  const { kind, argument, options } = request
  const { where } = options
  const source = await findSource(argument!, where)
  const transformers = await loadTransformers(where)
  const revision = options.text('revision')
  const load = { local_files_only: source.local, ...(revision === undefined ? {} : { revision }) }
  const around: Around = { transformers, source, load, options }
  const asked = readPooling(options)
  const network = await openModel({ ...request, ...around, sequence: asked.asked })
  const close = async (): Promise<void> => void (await network.close())
  try {
    const pooling = asked.asked ? asked : await usualPooling(network, kind, source)
    const made = await open[kind as keyof typeof open]({ network, around, pooling })
    return { ...made, address: options.address(`hf:${source.name}`), layout: pooling.layout, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Opened {
  network: Network
  around: Around
  pooling: Pooling
}

const open = {
  image: async ({ network, around, pooling }: Opened) => {
    const { transformers, options, source, load } = around
    const beside = source.local
      ? await readPreprocessing(source.id)
      : await explained(source, options.where, async () => {
          const found = await transformers.AutoImageProcessor.from_pretrained(source.id, load)
          return preprocessingOf(found.config)
        })
    return pictureEncoder(network, transformers, options, beside, pooling)
  },
  text: ({ network, around, pooling }: Opened) => textEncoder(network, around, pooling),
  audio: ({ network, around, pooling }: Opened) => soundEncoder(network, around, pooling),
}

/**
 * The first token stands for a picture that a transformer saw in patches, and a sentence model says
 * how it was trained; else the mean.
 */
async function usualPooling(
  { config, pooled }: Network,
  kind: Kind,
  { id, local }: Source,
): Promise<Pooling> {
  const cls = kind === 'image' && !pooled && typeof config['patch_size'] === 'number'
  const told = kind === 'text' && !pooled && local ? await sentencePooling(id) : undefined
  return told ?? poolingBy(cls ? 'cls' : 'mean')
}
