import { createRequire } from 'node:module'
import util from 'node:util'
import { Exit, PcmError } from '../../error.js'
import { eagerEngine } from '../eager-engine.js'
import type { Engine } from '../types.js'
import { hasBinding, PACKAGES, packageFolder } from './find-gpu.js'

const require = createRequire(import.meta.url)

/**
 * Opens libtensorflow through tfjs-node-gpu (or tfjs-node). `gpu` and `gpu:N` demand a GPU that
 * TensorFlow sees; exit 69 with what is missing otherwise.
 */
export async function openTensorflow(options: {
  device: string
  threads: number
}): Promise<Engine> {
  const { device, threads } = options
  const ordinal = /^gpu:(\d+)$/.exec(device)?.[1]
  if (ordinal !== undefined) process.env.CUDA_VISIBLE_DEVICES = ordinal
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const { name, binding } = load()
  const version = binding.version['tfjs-node'] ?? binding.version.tfjs
  const gpu = name.endsWith('-gpu') && usesGpu(binding)
  if (device.startsWith('gpu') && !gpu)
    throw unavailable(
      `--device ${device}: TensorFlow found no GPU it can use`,
      'check nvidia-smi and that CUDA 11.2 and cuDNN 8.1 are on LD_LIBRARY_PATH, or use --device cpu',
    )
  return eagerEngine({
    name: 'tensorflow',
    description: `tensorflow (${name} ${version}, ${gpu ? `GPU ${ordinal ?? 0}` : 'CPU'})`,
    threads,
    backend: 'tensorflow',
  })
}

interface TensorflowNode {
  version: Record<string, string>
  backend(): { binding?: { isUsingGpuDevice?: () => boolean }; isUsingGpuDevice?: boolean }
}

function load(): { name: string; binding: TensorflowNode } {
  // tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 took away (tfjs#8609).
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null })
  for (const name of PACKAGES) {
    const folder = packageFolder(name)
    if (folder && hasBinding(folder))
      try {
        return { name, binding: require(name) as TensorflowNode }
      } catch (cause) {
        throw unavailable(`${name} is there but cannot be loaded: ${firstLine(cause)}`, HINT, cause)
      }
  }
  throw unavailable(
    'no libtensorflow: @tensorflow/tfjs-node-gpu is not there, or has no library',
    HINT,
  )
}

const HINT =
  'install it where its library can be downloaded: npm install @tensorflow/tfjs-node-gpu@4.22.0; or use --device cpu'

const usesGpu = (binding: TensorflowNode): boolean => {
  const backend = binding.backend()
  return backend.isUsingGpuDevice ?? backend.binding?.isUsingGpuDevice?.() ?? false
}

const firstLine = (error: unknown): string => String(error).split('\n')[0]!

const unavailable = (message: string, hint: string, cause?: unknown): PcmError =>
  new PcmError(message, { exit: Exit.unavailable, hint, cause })
