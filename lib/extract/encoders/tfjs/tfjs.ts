import { basename, resolve } from 'node:path'
import { pictureEncoder } from '../network/picture.js'
import { readPooling } from '../network/pooling.js'
import { readPreprocessing } from '../network/preprocessor-config.js'
import type { EncoderRequest, MadeEncoder } from '../types.js'
import { checkWeights } from '../unavailable.js'
import { openTfjsNetwork } from './network.js'

/** Any TensorFlow.js model of pictures, in the Layers or the Graph format. */
export async function openEncoder(request: EncoderRequest): Promise<MadeEncoder> {
  const { argument, options } = request
  const folder = argument!
  await checkWeights(folder, options.where)
  const layer = options.text('layer')
  const pooling = readPooling(options)
  const network = await openTfjsNetwork({ ...request, folder, layer, where: options.where })
  try {
    const beside = await readPreprocessing(folder)
    const made = await pictureEncoder(network, options, beside, pooling)
    const address = options.address(`tfjs:${basename(resolve(folder))}`)
    return { ...made, address, layout: pooling.layout, close: network.close }
  } catch (error) {
    await network.close()
    throw error
  }
}
