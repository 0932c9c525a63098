import type { Graph } from '../../lib/engine/onnx/graph.js'
import { encodeModel } from '../../lib/engine/onnx/model.js'

/** A model of one node: `op` from a float tensor `x` of `shape` to `y` of `result`. */
export const oneNode = (op: string, shape: number[], result: number[] = shape): Uint8Array => {
  const value = (name: string, shape: number[]) => ({ name, shape, type: 'float32' as const })
  const graph = {
    nodes: [{ op, domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
    initializers: new Map(),
    inputs: [value('x', shape)],
    outputs: [{ name: 'y', value: value('y', result) }],
  }
  return encodeModel(graph as unknown as Graph, 'test')
}
