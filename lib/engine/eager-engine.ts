import type { Tensor } from '@tensorflow/tfjs'
import { tf } from './tf.js'
import type { Compiled, Engine, Numbers, Program, Spec, State, Tensors } from './types.js'

export interface EagerOptions {
  name: Engine['name']
  description: string
  threads: number
  /** The TensorFlow.js backend that executes. */
  backend: string
}

/** An engine that executes each operation as it comes, on a backend of TensorFlow.js. */
export function eagerEngine({ name, description, threads, backend }: EagerOptions): Engine {
  const states = new Set<EagerState>()
  return {
    name,
    description,
    threads,
    state(initial) {
      const state = new EagerState(backend, initial)
      states.add(state)
      return state
    },
    compile: async (program, state) => new EagerProgram(backend, program, state as EagerState),
    async dispose() {
      for (const state of states) state.dispose()
    },
  }
}

class EagerState implements State {
  readonly specs: Record<string, Spec>
  readonly tensors: Tensors = {}

  constructor(
    private readonly backend: string,
    initial: Record<string, { shape: number[]; values: Numbers }>,
  ) {
    this.specs = Object.fromEntries(
      Object.entries(initial).map(([name, { shape, values }]) => [
        name,
        { shape, dtype: values instanceof Int32Array ? 'int32' : 'float32' },
      ]),
    )
    for (const [name, { values }] of Object.entries(initial)) this.write(name, values)
  }

  async read(name: string): Promise<Numbers> {
    return (await this.tensor(name).data()).slice() as Numbers
  }

  write(name: string, values: Numbers): void {
    const { shape, dtype } = this.spec(name)
    this.tensors[name]?.dispose()
    void tf.setBackend(this.backend)
    this.tensors[name] = tf.keep(tf.tensor(values.slice(), shape, dtype))
  }

  replace(name: string, tensor: Tensor): void {
    if (this.tensors[name] === tensor) return
    this.tensors[name]?.dispose()
    this.tensors[name] = tensor
  }

  dispose(): void {
    for (const name of Object.keys(this.tensors)) {
      this.tensors[name]!.dispose()
      delete this.tensors[name]
    }
  }

  private spec(name: string): Spec {
    const spec = this.specs[name]
    if (!spec) throw new Error(`no state is called ${name}`)
    return spec
  }

  private tensor(name: string): Tensor {
    this.spec(name)
    return this.tensors[name]!
  }
}

class EagerProgram implements Compiled {
  constructor(
    private readonly backend: string,
    private readonly program: Program,
    private readonly state: EagerState,
  ) {}

  async run(inputs: Record<string, Numbers>): Promise<Record<string, Numbers>> {
    await tf.setBackend(this.backend)
    const made = tf.tidy(() => this.step(inputs))
    const outputs: Record<string, Numbers> = {}
    for (const [name, tensor] of Object.entries(made.outputs)) {
      outputs[name] = numbersOf(await tensor.data(), tensor.dtype)
      tensor.dispose()
    }
    return outputs
  }

  dispose(): void {}

  /** New state and outputs, detached from the step's own tensors so that each can be disposed of. */
  private step(inputs: Record<string, Numbers>): { outputs: Tensors } {
    const given = Object.fromEntries(
      Object.entries(this.program.inputs).map(([name, { shape, dtype }]) => [
        name,
        tf.tensor(inputs[name]!, shape, dtype),
      ]),
    )
    const made = this.program.step({ state: { ...this.state.tensors }, inputs: given })
    for (const [name, tensor] of Object.entries(made.state ?? {}))
      this.state.replace(name, tf.keep(tensor.clone()))
    const outputs: Tensors = {}
    for (const [name, tensor] of Object.entries(made.outputs)) outputs[name] = tensor.clone()
    return { outputs }
  }
}

/** A copy of the type that the tensor claims: a cast may leave the numbers as they were. */
const numbersOf = (values: Float32Array | Int32Array | Uint8Array, dtype: string): Numbers =>
  dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values)
