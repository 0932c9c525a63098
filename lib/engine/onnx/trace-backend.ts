import { type DataType, type TensorInfo } from '@tensorflow/tfjs'
import { tf } from '../tf.js'
import type { Numbers } from '../types.js'
import { type Element, type Graph, sizeOf, typed, type Value } from './graph.js'
import { kernels } from './kernels/index.js'

export const TRACE = 'pcm-trace'

type DataId = TensorInfo['dataId']

const FOREIGN =
  'a tensor made outside entered a traced computation: make it inside, or pass it as an input'
const UNREADABLE = 'a traced computation may not read the value of a tensor: pass it as an input'

/**
 * A TensorFlow.js backend whose tensors hold no numbers: each stands for a value of an ONNX graph,
 * and each kernel writes the nodes that would compute it. So a function of tensors, run once on
 * this backend with its gradient, leaves the graph of the whole computation behind.
 */
class TraceBackend extends tf.KernelBackend {
  private values = new WeakMap<DataId, Value>()
  private counts = new WeakMap<DataId, number>()
  graph: Graph | undefined
  /** What the computation did that a trace cannot stand for, where it could not be thrown. */
  refusal: Error | undefined

  /** Starts a trace, or ends one: tensors of another trace mean nothing in this one. */
  begin(graph: Graph | undefined): void {
    this.graph = graph
    this.refusal = undefined
    this.values = new WeakMap()
    this.counts = new WeakMap()
  }

  /** A tensor that stands for a value of the graph. */
  info(value: Value): TensorInfo {
    const dataId = {}
    this.values.set(dataId, value)
    this.counts.set(dataId, 1)
    return { dataId, shape: [...value.shape], dtype: value.type as DataType }
  }

  value(tensor: TensorInfo): Value {
    const value = this.values.get(tensor.dataId)
    if (!value) throw new Error(FOREIGN)
    return value
  }

  get open(): Graph {
    if (!this.graph) throw new Error('nothing is being traced')
    return this.graph
  }

  override write(values: Numbers | Uint8Array, shape: number[], dtype: DataType): DataId {
    refuseRandom()
    return this.info(this.open.constant(copy(values, dtype), shape, dtype as Element)).dataId
  }

  /** TensorFlow.js would move a tensor that another backend made, and so take it away from there. */
  override move(): never {
    throw new Error(FOREIGN)
  }

  /** Never answers: an error would be lost in a promise that the computation need not await. */
  override read(): Promise<never> {
    this.refusal ??= new Error(UNREADABLE)
    return new Promise(() => {})
  }

  /** A constant is known while it is traced: shapes that a model keeps as numbers are read so. */
  override readSync(dataId: DataId): Numbers | Uint8Array {
    const value = this.values.get(dataId)
    if (!value?.constant || value.type === 'int64') throw new Error(UNREADABLE)
    const { constant, shape, type } = value
    if ('values' in constant) return constant.values as Numbers | Uint8Array
    const repeated = new Array<number>(sizeOf(shape)).fill(constant.uniform)
    return typed(repeated, type) as Numbers | Uint8Array
  }

  override refCount(dataId: DataId): number {
    return this.counts.get(dataId) ?? 0
  }

  override incRef(dataId: DataId): void {
    this.counts.set(dataId, this.refCount(dataId) + 1)
  }

  override disposeData(dataId: DataId): boolean {
    this.counts.set(dataId, this.refCount(dataId) - 1)
    return true
  }

  override numDataIds(): number {
    return 0
  }

  override memory() {
    return { unreliable: true } as never
  }

  override floatPrecision(): 32 {
    return 32
  }

  override dispose(): void {}
}

/**
 * A random number drawn during the trace would be the same in every step. TensorFlow.js draws on
 * the host and hands the numbers over as constants; the scope it opens tells which operation did.
 */
function refuseRandom(): void {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name.replace(/__op$/, ''))
  const random = scopes.find(name => /^(rand|random[A-Z]\w*|truncatedNormal|dropout)$/.test(name))
  if (random)
    throw new Error(`tf.${random} in a traced computation would freeze: pass the numbers as inputs`)
}

let backend: TraceBackend | undefined

/** The tracing backend, registered with its kernels on first use. */
export function traceBackend(): TraceBackend {
  if (backend) return backend
  const created = new TraceBackend()
  tf.registerBackend(TRACE, () => created)
  for (const [kernelName, kernel] of Object.entries(kernels))
    tf.registerKernel({
      kernelName,
      backendName: TRACE,
      kernelFunc: ({ inputs, attrs }) => {
        const given = Object.entries(inputs).filter(([, tensor]) => tensor !== undefined)
        const values = Object.fromEntries(
          given.map(([name, tensor]) => [name, created.value(tensor as TensorInfo)]),
        )
        const made = kernel(created.open, values, attrs ?? {})
        return Array.isArray(made) ? made.map(v => created.info(v)) : created.info(made)
      },
    })
  backend = created
  return created
}

const copy = (values: Numbers | Uint8Array, dtype: DataType): Numbers | Uint8Array =>
  dtype === 'bool'
    ? Uint8Array.from(values)
    : dtype === 'int32'
      ? Int32Array.from(values)
      : Float32Array.from(values)
