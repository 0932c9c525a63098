import fc from 'fast-check'
import t from 'tap'
import { type Tensor, type Tensor4D, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case } from './agree.js'
import { both } from './compute.js'
import { float, makeCase, seeds } from './arbitraries.js'

t.teardown(async () => await both().onnx.dispose())

const side = fc.integer({ min: 5, max: 9 })
const few = fc.integer({ min: 1, max: 3 })

/** A few pictures, and a window that moves over them. Nothing here is trained, so no gradients. */
const layers = fc.record({
  items: fc.integer({ min: 1, max: 2 }),
  height: side,
  width: side,
  channels: few,
  out: few,
  window: fc.tuple(few, few),
  strides: fc.integer({ min: 1, max: 2 }),
  dilations: fc.integer({ min: 1, max: 2 }),
  pad: fc.constantFrom('same' as const, 'valid' as const),
  seed: seeds,
})

type Layer = typeof layers extends fc.Arbitrary<infer L> ? L : never

const picture = ({ items, height, width, channels, seed }: Layer) =>
  float([items, height, width, channels], seed)

/** TensorFlow.js strides or dilates, not both. */
const dilated = ({ strides, dilations }: Layer): number => (strides > 1 ? 1 : dilations)

const over = (
  name: string,
  shapes: (layer: Layer) => number[][],
  compute: (layer: Layer, inputs: Tensor[]) => Tensor,
): fc.Arbitrary<Case> =>
  layers.map(layer => {
    const { window, strides, pad } = layer
    const inputs = [
      picture(layer),
      ...shapes(layer).map((shape, at) => float(shape, layer.seed + 1 + at)),
    ]
    return makeCase(name, inputs, (...given) => compute(layer, given), {
      gradient: false,
      attributes: [{ window, strides, dilations: dilated(layer), pad }],
    })
  })

const filter = ({ window, channels, out }: Layer): number[] => [...window, channels, out]

type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'prelu'

const fused = (activation: Activation, depthwise: boolean): fc.Arbitrary<Case> =>
  over(
    `${depthwise ? 'depthwise' : 'convolution'} with bias and ${activation}`,
    layer => {
      const channels = depthwise ? layer.channels * layer.out : layer.out
      return [filter(layer), [channels], [channels]]
    },
    (layer, [x, filter, bias, slope]) =>
      (depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d)({
        x: x as Tensor4D,
        filter: filter as Tensor4D,
        strides: layer.strides,
        pad: layer.pad,
        dilations: dilated(layer),
        bias: bias!,
        activation,
        leakyreluAlpha: 0.3,
        ...(activation === 'prelu' ? { preluActivationWeights: slope! } : {}),
      }),
  )

const pooled = (name: 'maxPool' | 'avgPool'): fc.Arbitrary<Case> =>
  over(
    name,
    () => [],
    ({ window, strides, pad }, [x]) => tf[name](x as Tensor4D, window, strides, pad),
  )

t.test('convolutions and pools, their sides apart, padded or not', async t => {
  const family = [
    over(
      'conv2d',
      layer => [filter(layer)],
      (layer, [x, filter]) => {
        const { strides, pad } = layer
        return tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NHWC', dilated(layer))
      },
    ),
    over(
      'depthwiseConv2d',
      layer => [filter(layer)],
      (layer, [x, filter]) => {
        const [image, weights] = [x as Tensor4D, filter as Tensor4D]
        const { strides, pad } = layer
        return tf.depthwiseConv2d(image, weights, strides, pad, 'NHWC', dilated(layer))
      },
    ),
    pooled('maxPool'),
    pooled('avgPool'),
  ]
  await agreeOn(t, family, { runs: 20, seed: 61 })
})

t.test('what is fused with a convolution', async t => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const
  // The reference fuses no elu, sigmoid or the like with depthwise ones that differ from these.
  const family = [
    ...activations.map(activation => fused(activation, false)),
    ...(['linear', 'relu', 'relu6'] as const).map(activation => fused(activation, true)),
  ]
  await agreeOn(t, family, { runs: 10, seed: 62 })
})
