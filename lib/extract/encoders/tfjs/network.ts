import { openEngine } from '../../../engine/open.js'
import { activate } from '../../../engine/tf.js'
import type { Compiled, Engine, Program } from '../../../engine/types.js'
import { badData, PcmError } from '../../../error.js'
import type { Network, Tensor } from '../network/network.js'
import { type FrozenModel, openModel } from './model.js'
import { readArtifacts } from './read-artifacts.js'

export interface NetworkRequest {
  folder: string
  layer: string | undefined
  threads: number
  device: string
  warn: (text: string) => void
  /** For messages: the address. */
  where: string
}

/**
 * A TensorFlow.js model as a network, run by the engine: traced once for each shape of its input.
 * An operation that the engine cannot trace makes TensorFlow.js compute the whole itself, slowly.
 */
export async function openTfjsNetwork(request: NetworkRequest): Promise<Network> {
  const { folder, layer, threads, device, warn, where } = request
  const artifacts = await readArtifacts(folder)
  const engine = await openEngine({ device, threads, warn })
  // Weights are built where nothing heavy has to begin; the computation loads its own.
  await activate('cpu')
  const model = await explained(folder, () => openModel(artifacts, layer, where))
  const runners = new Map<string, Promise<Runner>>()
  const engines = [engine]
  const open = async (dims: readonly number[]): Promise<Runner> => {
    try {
      return await compile(engine, model, dims)
    } catch (error) {
      const operation = /operation (\w+) is not among/.exec(String(error))?.[1]
      if (engine.name !== 'onnx' || !operation) throw error
      const { jsEngine } = await import('../../../engine/js-engine.js')
      warn(`${where}: the operation ${operation} is not traced: TensorFlow.js computes, slowly`)
      engines.push(jsEngine())
      return await compile(engines.at(-1)!, model, dims)
    }
  }
  return {
    shape: model.shape,
    run: ({ dims, values }) =>
      explained(folder, async () => {
        const key = dims.join(' ')
        if (!runners.has(key)) runners.set(key, open(dims))
        return (await runners.get(key)!)(values)
      }),
    close: async () => {
      for (const engine of engines) await engine.dispose()
    },
  }
}

type Runner = (values: Float32Array) => Promise<Tensor>

async function compile(
  engine: Engine,
  model: FrozenModel,
  dims: readonly number[],
): Promise<Runner> {
  await activate('cpu')
  const forward = await model.forward()
  let shape: readonly number[] = []
  const program: Program = {
    name: 'model',
    inputs: { x: { shape: [...dims], dtype: 'float32' } },
    step: ({ inputs }) => {
      const y = forward(inputs.x!)
      shape = y.shape
      return { outputs: { y } }
    },
  }
  const compiled: Compiled = await engine.compile(program, engine.state({}))
  return async values => {
    const { y } = await compiled.run({ x: values })
    return { dims: shape, values: y as Float32Array }
  }
}

/** What TensorFlow.js says of a model it cannot make sense of is about the model. */
async function explained<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PcmError) throw error
    const said = (error instanceof Error ? error.message : String(error)).split('\n')[0]!
    throw badData(`${folder}: not a model that can be run: ${said.slice(0, 200)}`, undefined, error)
  }
}
