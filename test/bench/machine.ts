import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { root, runWorker } from './processes.js'
import { type Python, runPeer } from './python.js'
import { isNotRun, type NotRun, rounded } from './row.js'

/** What the machine does at best, measured in the same run. */
export interface Peak {
  /** 10^9 float32 operations a second in a large matrix product. */
  gflops: number
  /** 10^9 bytes read and written a second in a large copy. */
  gigabytes: number
}

/** The better of ONNX Runtime and, where it is at hand, PyTorch. */
export const measurePeak = async (
  { threads, quick }: { threads: number; quick: boolean },
  python: Python | NotRun | undefined,
): Promise<Peak> => {
  const ours = await runWorker<Peak>('peak', { threads, quick })
  if (!python || isNotRun(python))
    return { gflops: rounded(ours.gflops), gigabytes: rounded(ours.gigabytes) }
  const args = ['--threads', `${threads}`, ...(quick ? ['--quick'] : [])]
  const { printed } = await runPeer<Peak>(python, 'peak_torch.py', args, threads)
  return {
    gflops: rounded(Math.max(ours.gflops, printed.gflops)),
    gigabytes: rounded(Math.max(ours.gigabytes, printed.gigabytes)),
  }
}

export interface Work {
  /** Float32 operations: a multiplication and an addition are two. */
  flops: number
  /** Bytes that must be read or written, each counted once for either. */
  bytes?: number
}

/** floor = max(flops / peak, bytes / bandwidth), ms: arithmetic and memory may overlap. */
export const floorOf = ({ flops, bytes = 0 }: Work, { gflops, gigabytes }: Peak): number =>
  Math.max(flops / gflops, bytes / gigabytes) / 1e6

/**
 * Operations of a training step: every layer has a product forward, one for its weights and, but
 * for the first, one for its inputs; every pair one product forward and two back.
 */
export const stepFlops = (step: {
  batch: number
  /** Numbers per feature of each modality; all pairs are compared. */
  inputs: readonly number[]
  dim: number
  /** Layers of dim x dim behind the first. */
  layers: number
}): number => {
  const { batch, inputs, dim, layers } = step
  const pairs = (inputs.length * (inputs.length - 1)) / 2
  const heads = inputs.map(input => 2 * input * dim + 3 * layers * dim * dim)
  return 2 * batch * heads.reduce((a, b) => a + b, 0) + 2 * pairs * 3 * batch ** 2 * dim
}

export const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 1e9)} GB`,
  platform: `${process.platform}-${process.arch}`,
})

export const versions = (): Record<string, string> => {
  const version = (folder: string): string =>
    (JSON.parse(readFileSync(`${root}${folder}package.json`, 'utf8')) as { version: string })
      .version
  return {
    pcm: version(''),
    node: process.versions.node,
    'onnxruntime-node': version('node_modules/onnxruntime-node/'),
    '@tensorflow/tfjs': version('node_modules/@tensorflow/tfjs/'),
    'apache-arrow': version('node_modules/apache-arrow/'),
  }
}
