import { InferenceSession } from 'onnxruntime-node'
import type { Graph } from './graph.js'
import { encodeModel } from './model.js'

export interface SessionOptions {
  threads: number
  /** Whether others are using the cores. */
  shared: () => boolean
}

/** Has onnxruntime prepare a graph of float32 arithmetic. */
export const openSession = (
  graph: Graph,
  { threads, shared }: SessionOptions,
): Promise<InferenceSession> =>
  InferenceSession.create(encodeModel(graph, 'pcm'), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Without the arena every large intermediate is mapped and zeroed by the system again in each
    // step: that costs more than the optimiser's arithmetic.
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
    // Between two runs the cores belong to whoever reads and writes.
    extra: {
      session: {
        intra_op: { allow_spinning: shared() ? '0' : '1' },
        force_spinning_stop: '1',
      },
    },
  })
