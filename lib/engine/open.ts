import { availableParallelism } from 'node:os'
import { badUsage, Exit, PcmError } from '../error.js'
import type { Engine } from './types.js'

export interface EngineOptions {
  /** auto: a GPU that works, else onnx; cpu: onnx; gpu or gpu:N: a GPU or nothing. */
  device: string
  /** Threads of the arithmetic; default: the cores this process may use. */
  threads?: number
}

/** What PCM_ENGINE may name; it decides over --device, for tests and for comparisons. */
const ENGINES = ['tensorflow', 'onnx', 'js'] as const

/**
 * Opens the engine that --device and PCM_ENGINE ask for. Throws usage errors (64) for names that
 * are none, and unavailable (69) where the machine lacks what was asked for: never a silent
 * fallback. Everything heavy is imported here, when it is needed.
 */
export async function openEngine({ device, threads }: EngineOptions): Promise<Engine> {
  const cores = threads ?? availableParallelism()
  const wanted = process.env.PCM_ENGINE
  if (wanted) return await openNamed(wanted, device, cores)
  if (/^gpu(:\d+)?$/.test(device)) return await openGpu(device)
  if (device === 'cpu') return await openOnnx(cores)
  if (device === 'auto') return (await gpuIfAny()) ?? (await openOnnx(cores))
  throw badUsage(`--device ${device}: expected auto, cpu, gpu or gpu:N`)
}

async function openNamed(name: string, device: string, threads: number): Promise<Engine> {
  if (name === 'onnx') return await openOnnx(threads)
  if (name === 'js') return await openJs()
  if (name === 'tensorflow') {
    const { openTensorflow } = await import('./tensorflow/engine.js')
    return await openTensorflow({ device, threads })
  }
  throw badUsage(`PCM_ENGINE=${name}: expected one of ${ENGINES.join(', ')}`)
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

async function openGpu(device: string): Promise<Engine> {
  const { openTensorflow } = await import('./tensorflow/engine.js')
  return await openTensorflow({ device, threads: 1 })
}

/** A GPU that works, or nothing: a package without its library counts as absent. */
async function gpuIfAny(): Promise<Engine | undefined> {
  const { findGpu } = await import('./tensorflow/find-gpu.js')
  return findGpu() ? await openGpu('gpu').catch(() => undefined) : undefined
}
