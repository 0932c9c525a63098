import type { GraphModel, io, LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs'
import { tf } from '../../../engine/tf.js'
import { badData, badUsage } from '../../../error.js'
import type { Artifacts } from './read-artifacts.js'

/** What a frozen model is asked about, whichever of the two formats it has. */
export interface FrozenModel {
  /** Lengths of the input's axes; undefined where any length will do. */
  shape: (number | undefined)[]
  /**
   * A new forward pass. Called inside a computation it loads the weights there, at its first call,
   * so that an engine that traces finds them as constants.
   */
  forward(): Promise<(x: Tensor) => Tensor>
}

/** Opens a model with one input; `layer` names the inner layer or node whose output is wanted. */
export function openModel(
  artifacts: Artifacts,
  layer: string | undefined,
  where: string,
): Promise<FrozenModel> {
  const isGraph = artifacts.format === 'graph-model' || 'node' in artifacts.modelTopology
  return (isGraph ? openGraph : openLayers)(artifacts, layer, where)
}

const lengths = (shape: readonly (number | null)[] | undefined) =>
  (shape ?? []).map(side => (side === null || side < 0 ? undefined : side))

async function openGraph(
  artifacts: Artifacts,
  layer: string | undefined,
  where: string,
): Promise<FrozenModel> {
  const { inputs } = tf.loadGraphModelSync(artifacts)
  const [input] = inputs
  if (inputs.length !== 1) throw oneInput(inputs.map(({ name }) => name))
  const nodes = (artifacts.modelTopology as { node: { name: string }[] }).node
  if (layer !== undefined && !nodes.some(({ name }) => name === layer))
    throw badUsage(`${where}: the model has no node '${layer}'`, hint(nodes))
  return {
    shape: lengths(input!.shape),
    forward: async () => {
      let model: GraphModel<io.IOHandlerSync> | undefined
      return x => {
        if (!model) {
          model = tf.loadGraphModelSync(artifacts)
          // The computation around this would let go of what it made.
          for (const tensors of Object.values(model.weights)) tensors.forEach(one => tf.keep(one))
        }
        return only(model.execute({ [input!.name]: x }, layer ?? model.outputNodes))
      }
    },
  }
}

async function openLayers(
  artifacts: Artifacts,
  layer: string | undefined,
  where: string,
): Promise<FrozenModel> {
  const model = await build(artifacts)
  const { inputs } = model
  if (inputs.length !== 1) throw oneInput(inputs.map(({ name }) => name))
  outputOf(model, layer, where)
  return {
    shape: lengths(inputs[0]!.shape),
    forward: async () => {
      const whole = await build(artifacts)
      const tapped = tf.model({ inputs: whole.inputs, outputs: outputOf(whole, layer, where) })
      let loaded = false
      return x => {
        if (!loaded) whole.loadWeights(weightsOf(artifacts))
        loaded = true
        return only(tapped.apply(x, { training: false }) as Tensor | Tensor[])
      }
    },
  }
}

/** The layers; their weights are zeros, to be loaded later. */
const build = ({ modelTopology }: Artifacts): Promise<LayersModel> =>
  tf.loadLayersModel(tf.io.fromMemory({ modelTopology: withZeros(modelTopology) as object }))

/** Weights drawn at random would take longer to make than to load. */
const withZeros = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withZeros)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key.endsWith('_initializer') ? { class_name: 'Zeros', config: {} } : withZeros(inner),
    ]),
  )
}

function outputOf(
  { layers, outputs }: LayersModel,
  name: string | undefined,
  where: string,
): SymbolicTensor[] {
  if (name === undefined) return outputs
  const layer = layers.find(layer => layer.name === name)
  if (!layer) throw badUsage(`${where}: the model has no layer '${name}'`, hint(layers))
  return [layer.output].flat()
}

function weightsOf({ weightData, weightSpecs }: Artifacts) {
  const tensors = tf.io.decodeWeights(weightData, weightSpecs)
  const optimizer = weightSpecs.filter(({ group }) => group === 'optimizer')
  for (const { name } of optimizer) delete tensors[name]
  return tensors
}

const only = (result: Tensor | Tensor[]): Tensor => {
  const [first, second] = [result].flat()
  if (!first || second) throw badData(`the model has several outputs: name one with layer=NAME`)
  return first
}

const oneInput = (names: readonly string[]) =>
  badData(`the model has ${names.length} inputs (${names.join(', ')}), expected one`)

const hint = (layers: readonly { name: string }[]): string =>
  `the last ones: ${layers
    .slice(-8)
    .map(({ name }) => name)
    .join(', ')}`
