import type { Device } from '../device.js'
import { unavailable } from '../gpu.js'

/**
 * Sets what libtensorflow reads from the environment when it is loaded. Whatever the user has set
 * stands, but for the device and the number of threads, which the command line decides.
 */
export function prepareEnvironment(device: Device, threads: number): void {
  const { env } = process
  // Libraries may not print: of what goes wrong the engine speaks itself.
  env.TF_CPP_MIN_LOG_LEVEL ??= '3'
  // Programs of one pipeline share the GPU: none may take all of its memory at once.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  // Products in 10-bit mantissas (TF32) would not be the float32 that the other engines compute.
  env.NVIDIA_TF32_OVERRIDE ??= '0'
  env.TF_DETERMINISTIC_OPS ??= '1'
  env.TF_NUM_INTRAOP_THREADS = String(threads)
  env.TF_NUM_INTEROP_THREADS = '1'
  env.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'
  env.CUDA_VISIBLE_DEVICES =
    device.kind === 'cpu' ? '-1' : visibleDevice(device, env.CUDA_VISIBLE_DEVICES)
}

/**
 * The one GPU to be seen: number N (default 0) of those that CUDA_VISIBLE_DEVICES lets through, so
 * that a batch system's choice holds. Throws unavailable (69) where it lets fewer through.
 */
export function visibleDevice(
  device: Exclude<Device, { kind: 'cpu' }>,
  visible: string | undefined,
): string {
  const index = device.kind === 'gpu' ? device.index : undefined
  if (visible === undefined) return String(index ?? 0)
  const listed = visible.split(',').map(name => name.trim())
  // CUDA stops at the first entry that names no device.
  const end = listed.findIndex(name => name === '' || name.startsWith('-'))
  const through = end < 0 ? listed : listed.slice(0, end)
  const chosen = through[index ?? 0]
  if (chosen !== undefined) return chosen
  if (device.kind === 'auto') return '-1'
  throw unavailable(
    `CUDA_VISIBLE_DEVICES=${visible} lets ${through.length} GPUs through, number ${index ?? 0} is not among them`,
    'choose another with --device gpu:N, or unset CUDA_VISIBLE_DEVICES',
  )
}
