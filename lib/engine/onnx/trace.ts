import { type Tensor } from '@tensorflow/tfjs'
import { tf } from '../tf.js'
import type { Program, Spec, Tensors } from '../types.js'
import { type Element, Graph, type Value } from './graph.js'
import { cast } from './kernels/kernel.js'
import { INPUT, NEXT, OUTPUT, STATE } from './prefixes.js'
import { TRACE, traceBackend } from './trace-backend.js'

/**
 * Runs a program once on the tracing backend and returns its graph. Inputs of the graph are the
 * program's state and inputs, outputs its new state and outputs.
 */
export function trace(program: Program, state: Record<string, Spec>): Graph {
  const backend = traceBackend()
  const before = tf.getBackend()
  const graph = new Graph()
  backend.begin(graph)
  void tf.setBackend(TRACE)
  tf.engine().startScope()
  try {
    const placeholders = (prefix: string, specs: Record<string, Spec>): Tensors =>
      Object.fromEntries(
        Object.entries(specs).map(([name, { shape, dtype }]) => [
          name,
          tensorOf(backend.info(graph.input(prefix + name, shape, dtype as Element))),
        ]),
      )
    const made = program.step({
      state: placeholders(STATE, state),
      inputs: placeholders(INPUT, program.inputs),
    })
    if (backend.refusal) throw backend.refusal
    for (const [name, tensor] of Object.entries(made.state ?? {}))
      graph.output(NEXT + name, backend.value(tensor))
    for (const [name, tensor] of Object.entries(made.outputs))
      graph.output(OUTPUT + name, asNumbers(graph, backend.value(tensor)))
  } catch (error) {
    throw explained(error, program.name)
  } finally {
    tf.engine().endScope()
    backend.begin(undefined)
    if (before) void tf.setBackend(before)
  }
  graph.finish()
  return graph
}

/** Booleans leave as 0 and 1. */
const asNumbers = (graph: Graph, value: Value): Value =>
  value.type === 'bool' ? cast(graph, value, 'int32') : value

const tensorOf = (
  info: Parameters<ReturnType<typeof tf.engine>['makeTensorFromTensorInfo']>[0],
): Tensor => tf.engine().makeTensorFromTensorInfo(info)

/** Names the operation that cannot be traced, and the line of our code that used it. */
function explained(error: unknown, program: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const missing = /Kernel '(\w+)' not registered/.exec(error.message)?.[1]
  const what = missing
    ? `operation ${missing} is not among those the onnx engine traces`
    : error.message
  return new Error(`${program}: ${what}${callSite(error.stack)}`, { cause: error })
}

function callSite(stack = ''): string {
  const frame = stack
    .split('\n')
    .slice(1)
    .find(line => !/node_modules|node:internal|tfjs-|[/\\]engine[/\\](onnx|tf)/.test(line))
  return frame ? ` (${frame.trim()})` : ''
}
