import { basename, dirname } from 'node:path'
import { badUsage } from '../../../error.js'
import { readPooling } from '../network/pooling.js'
import { readPreprocessing } from '../network/preprocessor-config.js'
import type { EncoderRequest, MadeEncoder } from '../types.js'
import { pictureEncoder } from '../network/picture.js'
import type { Network } from '../network/network.js'
import { openNetwork } from './session.js'
import { soundEncoder } from '../network/sound.js'

/** Any ONNX model that takes a picture or a sound, run by onnxruntime. */
export async function openEncoder(request: EncoderRequest): Promise<MadeEncoder> {
  const { kind, argument, options, threads, device, warn } = request
  const { where } = options
  const path = argument!
  const names = { input: options.text('input'), output: options.text('output') }
  const thenPath = options.file('then')
  if (thenPath !== undefined && kind !== 'audio')
    throw badUsage(`${where}: option then is for sounds`)
  const pooling = readPooling(options)
  const networks: Network[] = []
  const close = async (): Promise<void> => {
    for (const network of networks) await network.close()
  }
  const open = async (path: string, ports = {}) => {
    const network = await openNetwork({ path, ...ports, where, threads, device, warn })
    networks.push(network)
    return network
  }
  try {
    // Names are of the ends of the chain, which is nearly always one network.
    const network = await open(path, thenPath === undefined ? names : { input: names.input })
    const then = thenPath === undefined ? undefined : await open(thenPath, { output: names.output })
    const beside = await readPreprocessing(dirname(path))
    const made =
      kind === 'image'
        ? await pictureEncoder(network, options, beside, pooling)
        : await soundEncoder(network, then, options, beside, pooling)
    const address = options.address(`onnx:${basename(path)}`)
    return { ...made, address, layout: pooling.layout, close }
  } catch (error) {
    await close()
    throw error
  }
}
