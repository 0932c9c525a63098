import type { Device } from '../device.js'
import { eagerEngine } from '../eager-engine.js'
import { firstLine, unavailable } from '../gpu.js'
import { activate, tf } from '../tf.js'
import type { Engine } from '../types.js'
import { mend } from './mend.js'
import { type AdapterInfo, loadWebgpu, versions } from './locate.js'

const BACKEND = 'webgpu'

/**
 * Opens a GPU of any make through Dawn. A device of kind gpu demands real hardware; auto, which
 * only PCM_ENGINE=webgpu can bring here, also takes a software driver, which is what tests run on.
 * Throws unavailable (69) with what is missing.
 */
export async function openWebgpu(device: Device): Promise<Engine> {
  if (device.kind === 'gpu' && device.index !== undefined && device.index > 0)
    throw unavailable(
      'WebGPU cannot choose among GPUs by number',
      'use --device gpu, which takes the fastest',
    )
  const { create, globals, WebGPUBackend } = await loadWebgpu()
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  const dawn = create([])
  const adapter = await dawn.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter)
    throw unavailable('no driver that WebGPU can use', 'on Linux: install libvulkan1 and a driver')
  const { info } = adapter
  if (device.kind === 'gpu' && info.isFallbackAdapter)
    throw unavailable(`only a software driver (${info.description})`, 'use --device cpu')
  const gpu = await adapter.requestDevice({ requiredLimits: limitsOf(adapter) })
  alive.add(dawn)
  const failure = firstFailure(gpu)
  const backend = asInBrowser(dawn, () => new WebGPUBackend(gpu, info))
  tf.registerBackend(BACKEND, () => backend as never)
  await activate(BACKEND)
  mend(BACKEND)
  return eagerEngine({
    name: 'webgpu',
    description: `webgpu (${versions()}, ${nameOf(info)})`,
    threads: 1,
    backend: BACKEND,
    failure,
    close: () => {
      tf.removeBackend(BACKEND)
      gpu.destroy()
      alive.delete(dawn)
    },
  })
}

/** Dawn dies with the object that made the adapter, and takes the process with it while it is used. */
const alive = new Set<object>()

/** The backend refuses to be made where `navigator.gpu` is not what a browser has. */
function asInBrowser<T>(gpu: object, make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  try {
    return make()
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before)
    else Reflect.deleteProperty(globalThis, 'navigator')
  }
}

/** All that the hardware can do: the defaults of WebGPU are those of a small telephone. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const

const limitsOf = ({ limits }: GPUAdapter): Record<string, number> =>
  Object.fromEntries(LIMITS.map(name => [name, limits[name]]))

const nameOf = ({ vendor, description, device }: AdapterInfo): string =>
  [vendor, description || device].filter(text => text !== '').join(' ')

/**
 * WebGPU reports errors (memory exhausted, device lost) beside the calls that caused them, which
 * then yield zeros: the first one is kept, for whoever is about to trust the numbers.
 */
function firstFailure(gpu: GPUDevice): () => Error | undefined {
  let first: string | undefined
  gpu.addEventListener('uncapturederror', event => {
    first ??= firstLine((event as GPUUncapturedErrorEvent).error)
  })
  void gpu.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') first ??= firstLine(message)
  })
  return () =>
    first === undefined
      ? undefined
      : unavailable(`the GPU failed: ${first}`, 'try a smaller --batch, or --device cpu')
}
