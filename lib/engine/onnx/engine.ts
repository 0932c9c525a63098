import './no-telemetry.js'
import { env, type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Compiled, Engine, Numbers, Program, Spec, State } from '../types.js'
import { watchCores } from './busy-cores.js'
import { openIntegerProduct } from './integer-product.js'
import { INPUT, NEXT, OUTPUT, STATE } from './prefixes.js'
import { openProduct } from './product.js'
import { openSession, type SessionOptions } from './session.js'
import { sizeOf } from './graph.js'

/** Bytes of a block of which all intermediate results stay in the cache that a core has to itself. */
const CACHE = 1 << 20

/** The engine that traces a program into one ONNX graph and lets onnxruntime run it. */
export function onnxEngine({ threads }: { threads: number }): Engine {
  const options = { threads, shared: watchCores() }
  const states = new Set<OnnxState>()
  const sessions = new Set<{ dispose(): void }>()
  return {
    name: 'onnx',
    description: `onnx (onnxruntime-node ${env.versions.node}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    threads,
    cache: threads * CACHE,
    state(initial) {
      const state = new OnnxState(initial)
      states.add(state)
      return state
    },
    async compile(program, state) {
      const compiled = await OnnxProgram.compile(program, state as OnnxState, options)
      sessions.add(compiled)
      return compiled
    },
    async product(size) {
      const product = await openProduct(size, options)
      sessions.add(product)
      return product
    },
    async integerProduct(size) {
      const product = await openIntegerProduct(size, threads)
      if (product) sessions.add(product)
      return product
    },
    async dispose() {
      for (const session of sessions) session.dispose()
      for (const state of states) state.dispose()
    },
  }
}

/**
 * Every tensor of the state has two buffers used in turns: a step reads one and writes the other
 * (a buffer that is input and output at once gives wrong numbers), then they change places.
 */
class OnnxState implements State {
  readonly specs: Record<string, Spec> = {}
  private readonly buffers: Record<string, { current: Tensor; next: Tensor | undefined }> = {}

  constructor(initial: Record<string, { shape: number[]; values: Numbers }>) {
    for (const [name, { shape, values }] of Object.entries(initial)) {
      const dtype = values instanceof Int32Array ? 'int32' : 'float32'
      this.specs[name] = { shape, dtype }
      this.buffers[name] = { current: tensorOf({ shape, dtype }, values.slice()), next: undefined }
    }
  }

  current(name: string): Tensor {
    return this.buffer(name).current
  }

  next(name: string): Tensor {
    const buffer = this.buffer(name)
    return (buffer.next ??= tensorOf(this.specs[name]!))
  }

  swap(name: string): void {
    const buffer = this.buffer(name)
    ;[buffer.current, buffer.next] = [buffer.next!, buffer.current]
  }

  async read(name: string): Promise<Numbers> {
    return (this.current(name).data as Numbers).slice()
  }

  write(name: string, values: Numbers): void {
    checkSize(this.current(name).dims, values)
    ;(this.current(name).data as Numbers).set(values)
  }

  dispose(): void {
    for (const name of Object.keys(this.buffers)) delete this.buffers[name]
  }

  private buffer(name: string) {
    const buffer = this.buffers[name]
    if (!buffer) throw new Error(`no state is called ${name}`)
    return buffer
  }
}

class OnnxProgram implements Compiled {
  private disposed = false

  private constructor(
    private readonly session: InferenceSession,
    private readonly program: Program,
    private readonly state: OnnxState,
    private readonly outputs: Record<string, Spec>,
  ) {}

  static async compile(
    program: Program,
    state: OnnxState,
    options: SessionOptions,
  ): Promise<OnnxProgram> {
    const { trace } = await import('./trace.js')
    const graph = trace(program, state.specs)
    const session = await openSession(graph, options)
    const outputs = Object.fromEntries(
      graph.outputs.map(({ name, value }) => [
        name,
        { shape: [...value.shape], dtype: value.type as Spec['dtype'] },
      ]),
    )
    return new OnnxProgram(session, program, state, outputs)
  }

  async run(
    inputs: Record<string, Numbers>,
    into: Record<string, Numbers> = {},
  ): Promise<Record<string, Numbers>> {
    const feeds: Record<string, Tensor> = {}
    const fetches: Record<string, Tensor> = {}
    const results: Record<string, Numbers> = {}
    for (const name of this.session.inputNames)
      feeds[name] = name.startsWith(STATE)
        ? this.state.current(name.slice(STATE.length))
        : tensorOf(this.program.inputs[name.slice(INPUT.length)]!, inputs[name.slice(INPUT.length)])
    const changed: string[] = []
    for (const [name, spec] of Object.entries(this.outputs)) {
      if (name.startsWith(NEXT)) {
        changed.push(name.slice(NEXT.length))
        fetches[name] = this.state.next(name.slice(NEXT.length))
      } else {
        const output = name.slice(OUTPUT.length)
        fetches[name] = tensorOf(spec, into[output])
        results[output] = fetches[name].data as Numbers
      }
    }
    await this.session.run(feeds, fetches)
    for (const name of changed) this.state.swap(name)
    return results
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    void this.session.release()
  }
}

function tensorOf({ shape, dtype }: Spec, values?: Numbers): Tensor {
  const size = sizeOf(shape)
  if (values) checkSize(shape, values)
  return dtype === 'int32'
    ? new Tensor('int32', (values as Int32Array) ?? new Int32Array(size), shape)
    : new Tensor('float32', (values as Float32Array) ?? new Float32Array(size), shape)
}

function checkSize(shape: readonly number[], values: Numbers): void {
  if (values.length !== sizeOf(shape))
    throw new Error(`${values.length} values for a tensor of shape [${shape}]`)
}
