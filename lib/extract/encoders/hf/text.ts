import { badUsage, type PcmError } from '../../../error.js'
import type { Pooling, Sequence } from '../network/pooling.js'
import type { Raw } from '../types.js'
import { type Around, explained, type Network } from './model.js'
import { openTokenizer } from './tokens.js'

/** Texts that go through the network together. */
const BATCH = 32

/** A network of tokens. Texts are cut off where the model was trained no further. */
export async function textEncoder(network: Network, around: Around, pooling: Pooling) {
  const { transformers, source, load, options } = around
  const batch = options.integer('batch', BATCH, { min: 1, max: 4096 })
  const tokenizer = await explained(source, options.where, () =>
    transformers.AutoTokenizer.from_pretrained(source.id, load),
  )
  // SigLIP knows texts of one length only.
  const whole = /^siglip/.test(network.config.model_type ?? '')
  if (whole && !(tokenizer.model_max_length! < 1e6))
    throw badUsage(`${options.where}: the tokenizer has no model_max_length to fill texts up to`)
  const tokenize = openTokenizer(tokenizer, transformers, whole ? 'max_length' : 'longest')
  // A network without a mask would take what fills a text up for words.
  const size = whole || network.inputs.includes('attention_mask') ? batch : 1

  const forward = async (texts: readonly string[]): Promise<Sequence[]> => {
    const { inputs, lengths } = tokenize(texts)
    const { values, dims } = await network.run(inputs)
    const [dim, each] = [dims.at(-1)!, values.length / texts.length]
    // Of a sequence only the text's own tokens count.
    return lengths.map((length, at) => {
      const count = network.pooled || whole ? each / dim : length
      return { values: values.slice(at * each, at * each + count * dim), count, dim }
    })
  }
  const [sample] = await forward(['a'])
  return {
    dim: pooling.dim(sample!),
    encode: async (items: readonly Raw[]): Promise<(Float32Array | PcmError)[]> => {
      const results: Float32Array[] = []
      for (let start = 0; start < items.length; start += size) {
        const texts = items.slice(start, start + size).map(item => {
          if (!('text' in item)) throw new TypeError('hf takes texts here')
          return item.text
        })
        results.push(...(await forward(texts)).map(pooling.pool))
      }
      return results
    },
  }
}
