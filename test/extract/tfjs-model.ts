import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type io, tf } from '../../lib/engine/tf.js'

/** The weights of models, fixed numbers of both signs. */
const wave = (shape: number[], phase: number) =>
  tf.tensor(
    Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, at) => Math.sin(1.7 * at + phase) / 2,
    ),
    shape,
  )

/** A network of the kinds of layers that classifiers of pictures have; its weights are not zeros. */
export function layersModel() {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: 'same' }),
      tf.layers.batchNormalization({}),
      tf.layers.leakyReLU({ alpha: 0.1 }),
      tf.layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, activation: 'relu6', name: 'inner' }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 5, activation: 'softmax' }),
    ],
  })
  model.setWeights(
    model.weights.map(({ shape, name }, at) =>
      // A variance is not negative.
      /variance/.test(name) ? tf.ones(shape as number[]) : wave(shape as number[], at),
    ),
  )
  return model
}

/** A graph: convolution with bias, relu, then the mean over its places. */
export function graphModel(): io.ModelArtifacts {
  const node = (name: string, op: string, input: string[] = [], attr: object = {}) => ({
    name,
    op,
    input,
    attr,
  })
  const dtype = { type: 'DT_FLOAT' }
  const tensor = (name: string, values: Float32Array | Int32Array, shape: number[]) => ({
    spec: { name, shape, dtype: values instanceof Int32Array ? 'int32' : 'float32' } as const,
    values,
  })
  const weights = [
    tensor('kernel', wave([3, 3, 3, 4], 1).dataSync() as Float32Array, [3, 3, 3, 4]),
    tensor('bias', Float32Array.of(0.1, -0.2, 0.3, 0), [4]),
    tensor('axes', Int32Array.of(1, 2), [2]),
  ]
  const shape = { shape: { dim: [-1, 8, 8, 3].map(size => ({ size: String(size) })) } }
  const window = {
    strides: { list: { i: ['1', '2', '2', '1'] } },
    padding: { s: Buffer.from('SAME').toString('base64') },
    data_format: { s: Buffer.from('NHWC').toString('base64') },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
  }
  return {
    format: 'graph-model',
    modelTopology: {
      node: [
        node('x', 'Placeholder', [], { shape, dtype }),
        ...weights.map(({ spec }) => node(spec.name, 'Const', [], { dtype })),
        node('convolved', 'Conv2D', ['x', 'kernel'], { ...window, T: dtype }),
        node('biased', 'BiasAdd', ['convolved', 'bias'], { T: dtype }),
        node('rectified', 'Relu', ['biased'], { T: dtype }),
        node('pooled', 'Mean', ['rectified', 'axes'], { keep_dims: { b: false }, T: dtype }),
      ],
      versions: { producer: 1 },
    },
    weightSpecs: weights.map(({ spec }) => ({ ...spec })),
    // A copy of its own: a Buffer may lie in a larger block.
    weightData: Uint8Array.from(
      Buffer.concat(
        weights.map(({ values }) =>
          Buffer.from(values.buffer, values.byteOffset, values.byteLength),
        ),
      ),
    ).buffer,
  }
}

/** Writes a model as it is distributed, its weights in two shards cut at an odd place. */
export function writeModel(folder: string, artifacts: io.ModelArtifacts, changed: object = {}) {
  mkdirSync(folder, { recursive: true })
  const bytes = Buffer.from(artifacts.weightData as ArrayBuffer)
  const cut = 7
  writeFileSync(join(folder, 'a.bin'), bytes.subarray(0, cut))
  writeFileSync(join(folder, 'b.bin'), bytes.subarray(cut))
  const { format, modelTopology, weightSpecs } = artifacts
  const weightsManifest = [{ paths: ['a.bin', 'b.bin'], weights: weightSpecs, ...changed }]
  writeFileSync(
    join(folder, 'model.json'),
    JSON.stringify({ format, modelTopology, weightsManifest }),
  )
  return folder
}
