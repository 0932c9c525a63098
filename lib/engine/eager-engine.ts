import type { Tensor } from '@tensorflow/tfjs'
import { tf } from './tf.js'
import type { Compiled, Engine, Numbers, Program, Spec, State, Tensors } from './types.js'

export interface EagerOptions {
  name: Engine['name']
  description: string
  threads: number
  /** The TensorFlow.js backend that executes; registered, and begun where that takes time. */
  backend: string
  /** What went wrong beside the calls, if anything did: asked before numbers are given out. */
  failure?: () => Error | undefined
  /** Lets go of the device. */
  close?: () => void
}

/** An engine that executes each operation as it comes, on a backend of TensorFlow.js. */
export function eagerEngine(options: EagerOptions): Engine {
  const { name, description, threads } = options
  const states = new Set<EagerState>()
  return {
    name,
    description,
    threads,
    state(initial) {
      const state = new EagerState(options, initial)
      states.add(state)
      return state
    },
    compile: async (program, state) => new EagerProgram(options, program, state as EagerState),
    async dispose() {
      for (const state of states) state.dispose()
      states.clear()
      options.close?.()
    },
  }
}

class EagerState implements State {
  readonly specs: Record<string, Spec>
  readonly tensors: Tensors = {}

  constructor(
    private readonly options: EagerOptions,
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
    return await numbersOf(this.tensor(name), this.options)
  }

  write(name: string, values: Numbers): void {
    const { shape, dtype } = this.spec(name)
    select(this.options)
    this.replace(name, tf.keep(tf.tensor(values.slice(), shape, dtype)))
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
    private readonly options: EagerOptions,
    private readonly program: Program,
    private readonly state: EagerState,
  ) {}

  async run(
    inputs: Record<string, Numbers>,
    into: Record<string, Numbers> = {},
  ): Promise<Record<string, Numbers>> {
    select(this.options)
    const { state, outputs } = tf.tidy(() => this.step(inputs))
    for (const [name, tensor] of Object.entries(state)) this.state.replace(name, tf.keep(tensor))
    try {
      const numbers: Record<string, Numbers> = {}
      for (const [name, tensor] of Object.entries(outputs)) {
        numbers[name] = await numbersOf(tensor, this.options)
        into[name]?.set(numbers[name])
      }
      return { ...numbers, ...into }
    } finally {
      tf.dispose(outputs)
    }
  }

  dispose(): void {}

  /** New state and outputs, each a tensor of its own, so that each can be disposed of. */
  private step(inputs: Record<string, Numbers>): { state: Tensors; outputs: Tensors } {
    const given = Object.fromEntries(
      Object.entries(this.program.inputs).map(([name, { shape, dtype }]) => [
        name,
        // A copy: a backend may keep the buffer, and the caller fills it again for the next step.
        tf.tensor(inputs[name]!.slice(), shape, dtype),
      ]),
    )
    const made = this.program.step({ state: { ...this.state.tensors }, inputs: given })
    return { state: clones(made.state ?? {}), outputs: clones(made.outputs) }
  }
}

/**
 * Makes the engine's backend the current one. At once: a promise between this and the operations
 * would let another engine of the process step in.
 */
const select = ({ backend }: EagerOptions): void => void tf.setBackend(backend)

const clones = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.clone()]))

/** A copy of the numbers, in the type that the tensor claims: a cast may leave them as they were. */
async function numbersOf(tensor: Tensor, { failure }: EagerOptions): Promise<Numbers> {
  const values = await tensor.data().catch((cause: unknown) => {
    throw failure?.() ?? cause
  })
  const failed = failure?.()
  if (failed) throw failed
  return tensor.dtype === 'float32' ? new Float32Array(values) : new Int32Array(values)
}
