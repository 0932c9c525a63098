import util from 'node:util'
import { type Device, hasNvidiaDriver } from '../device.js'
import { eagerEngine } from '../eager-engine.js'
import { requireFrom } from '../find-package.js'
import { firstLine, unavailable } from '../gpu.js'
import { shareTensorflowJs } from '../share-tfjs.js'
import { activate, tf } from '../tf.js'
import type { Engine } from '../types.js'
import { prepareEnvironment } from './environment.js'
import { type Located, locateTensorflow } from './locate.js'

/** The name under which tfjs-node registers its backend. */
const BACKEND = 'tensorflow'

/**
 * Opens libtensorflow through tfjs-node-gpu or tfjs-node. A device of kind gpu demands one that
 * TensorFlow sees; auto takes it, or the CPU. Throws unavailable (69) with what is missing.
 */
export async function openTensorflow(options: {
  device: Device
  threads: number
}): Promise<Engine> {
  const { device, threads } = options
  const located = locateTensorflow()
  prepareEnvironment(device, threads)
  const version = load(located)
  await activate(BACKEND)
  const { isUsingGpuDevice: gpu, binding } = tf.backend() as unknown as TensorflowBackend
  if (device.kind === 'gpu' && !gpu) throw noGpuSeen(binding.TF_Version)
  const index = device.kind === 'gpu' ? (device.index ?? 0) : 0
  const place = gpu ? `GPU ${index}` : `CPU, ${threads} threads`
  return eagerEngine({
    name: 'tensorflow',
    description: `tensorflow (${located.name} ${version}, TensorFlow ${binding.TF_Version}, ${place})`,
    threads: gpu ? 1 : threads,
    backend: BACKEND,
  })
}

/** What tfjs-node registers, as far as it is looked at. */
interface TensorflowBackend {
  isUsingGpuDevice: boolean
  binding: { TF_Version: string }
}

/** Loads the package, which registers its backend; returns the package's version. */
function load({ name, folder }: Located): string {
  shareTensorflowJs(folder)
  // tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 took away (tfjs#8609).
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null })
  try {
    const { version } = requireFrom(folder)('.') as { version: Record<string, string> }
    return version['tfjs-node']!
  } catch (cause) {
    throw unavailable(
      `${name} is there but cannot be loaded: ${firstLine(cause)}`,
      'install it again where its library can be downloaded, or use --device cpu',
      cause,
    )
  }
}

const noGpuSeen = (version: string): Error =>
  hasNvidiaDriver()
    ? unavailable(
        `TensorFlow ${version} sees no GPU it can use`,
        'put the CUDA and cuDNN that it was built for on LD_LIBRARY_PATH (2.9: CUDA 11.2, cuDNN 8.1); TF_CPP_MIN_LOG_LEVEL=0 tells what it misses',
      )
    : unavailable('no NVIDIA driver is loaded', 'see nvidia-smi, or use --device cpu')
