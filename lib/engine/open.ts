import { availableParallelism } from 'node:os'
import { badUsage, Exit, PcmError } from '../error.js'
import { type Device, parseDevice } from './device.js'
import { firstGpu, type GpuRoad, noGpu } from './gpu.js'
import { tensorflowRoad } from './tensorflow/road.js'
import type { Engine } from './types.js'
import { webgpuRoad } from './webgpu/road.js'

export interface EngineOptions {
  /** auto: a GPU that works, else onnx; cpu: onnx; gpu or gpu:N: a GPU or nothing. */
  device: string
  /** Threads of the arithmetic; default: the cores this process may use. */
  threads?: number
  /** Told under auto why a GPU that seems to be there is not used. */
  warn?: (text: string) => void
}

/** The roads to a GPU, in the order of preference. */
const ROADS: readonly GpuRoad[] = [tensorflowRoad, webgpuRoad]

/**
 * Opens the engine that --device and PCM_ENGINE ask for. Throws usage errors (64) for names that
 * are none and for an engine that cannot be on the device, and unavailable (69) where the machine
 * lacks what was asked for: never a silent fallback. Everything heavy is imported when it is needed.
 */
export async function openEngine(options: EngineOptions, roads = ROADS): Promise<Engine> {
  const device = parseDevice(options.device)
  const threads = options.threads ?? availableParallelism()
  const wanted = process.env.PCM_ENGINE
  if (wanted) return await openNamed(wanted, device, { ...options, threads })
  if (device.kind === 'cpu') return await openOnnx(threads)
  const auto = device.kind === 'auto'
  const tried = auto ? roads.filter(road => road.likely()) : roads
  const found = await firstGpu(tried, auto ? { kind: 'gpu', index: undefined } : device)
  if (found.engine) return found.engine
  if (!auto) throw noGpu(options.device, found.missing)
  if (found.missing.length > 0)
    options.warn?.(`no GPU is used: ${found.missing.join('; ')} (--device cpu asks for none)`)
  return await openOnnx(threads)
}

/** Whether openEngine would open the processor's engine, without a look at a GPU. */
export function isForCpu({ device }: Pick<EngineOptions, 'device'>, roads = ROADS): boolean {
  const { kind } = parseDevice(device)
  const wanted = process.env.PCM_ENGINE
  if (wanted) return wanted === 'onnx' && kind !== 'gpu'
  return kind === 'cpu' || (kind === 'auto' && !roads.some(road => road.likely()))
}

type Opener = (device: Device, threads: number) => Promise<Engine>

/** What PCM_ENGINE may name, and the devices each can be on. */
const ENGINES: Record<Engine['name'], { devices: readonly Device['kind'][]; open: Opener }> = {
  onnx: { devices: ['auto', 'cpu'], open: (_, threads) => openOnnx(threads) },
  js: { devices: ['auto', 'cpu'], open: openJs },
  tensorflow: {
    devices: ['auto', 'cpu', 'gpu'],
    open: async (device, threads) =>
      (await import('./tensorflow/engine.js')).openTensorflow({ device, threads }),
  },
  webgpu: {
    devices: ['auto', 'gpu'],
    open: async device => (await import('./webgpu/engine.js')).openWebgpu(device),
  },
}

async function openNamed(
  name: string,
  device: Device,
  asked: { device: string; threads: number },
): Promise<Engine> {
  if (!Object.hasOwn(ENGINES, name))
    throw badUsage(`PCM_ENGINE=${name}: expected one of ${Object.keys(ENGINES).join(', ')}`)
  const { devices, open } = ENGINES[name as Engine['name']]
  if (!devices.includes(device.kind))
    throw badUsage(
      `PCM_ENGINE=${name} cannot be on --device ${asked.device}, only on ${devices.join(', ')}`,
    )
  return await open(device, asked.threads)
}

async function openOnnx(threads: number): Promise<Engine> {
  const { onnxEngine } = await import('./onnx/engine.js').catch((cause: unknown) => {
    throw new PcmError('the package onnxruntime-node, which computes on the CPU, is not there', {
      exit: Exit.unavailable,
      hint: 'install it with ONNXRUNTIME_NODE_INSTALL_CUDA=skip npm install onnxruntime-node@1.30.0',
      cause,
    })
  })
  return onnxEngine({ threads })
}

async function openJs(): Promise<Engine> {
  const { jsEngine } = await import('./js-engine.js')
  return jsEngine()
}
