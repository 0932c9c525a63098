import type { backend_util } from '@tensorflow/tfjs'
import { tf } from '../../tf.js'
import { type Graph, type Value } from '../graph.js'
import { activate } from './activation.js'
import { add } from './elementwise.js'
import { type Attributes, type Kernel, type Kernels, reshape } from './kernel.js'
import { transpose } from './shape.js'

/** TensorFlow.js has channels last, ONNX first; onnxruntime cancels what stands between two layers. */
const CHANNELS_FIRST = [0, 3, 1, 2]
const CHANNELS_LAST = [0, 2, 3, 1]

type Window = backend_util.Conv2DInfo

/** What windows that move over a picture have in common, as ONNX writes it. */
const windowOf = (info: Window) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  pads: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
})

/** Applies a node to a picture with its channels first, and gives it back with its channels last. */
function over(
  g: Graph,
  x: Value,
  info: Window,
  op: string,
  more: Value[],
  attributes: object,
): Value {
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth]
  const made = g.emit(op, [transpose(g, x, CHANNELS_FIRST), ...more], shape, x.type, {
    ...windowOf(info),
    ...attributes,
  })
  return transpose(g, made, CHANNELS_LAST)
}

const infoOf = (x: Value, filter: Value, attributes: Attributes, depthwise: boolean): Window => {
  const { strides, pad, dilations, dimRoundingMode, dataFormat = 'NHWC' } = attributes
  if (dataFormat !== 'NHWC') throw new Error(`convolution of ${dataFormat} is not traced`)
  return tf.backend_util.computeConv2DInfo(
    [...x.shape] as [number, number, number, number],
    [...filter.shape] as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    roundingOf(dimRoundingMode),
    depthwise,
  )
}

/** ONNX rounds the number of places down, as TensorFlow.js does unless it is told otherwise. */
const roundingOf = (mode: string | undefined): 'floor' => {
  if (mode !== undefined && mode !== 'floor') throw new Error(`rounding ${mode} is not traced`)
  return 'floor'
}

/** (height, width, in, out) to ONNX's (out, in, height, width). */
const conv2d: Kernel = (g, { x, filter }, attributes) => {
  const info = infoOf(x!, filter!, attributes, false)
  const weights = transpose(g, filter!, [3, 2, 0, 1])
  return over(g, x!, info, 'Conv', [weights], {
    dilations: [info.dilationHeight, info.dilationWidth],
    group: info.inChannels / filter!.shape[2]!,
  })
}

/** (height, width, in, times) to (in x times, 1, height, width): each channel is a group. */
const depthwise: Kernel = (g, { x, filter }, attributes) => {
  const info = infoOf(x!, filter!, attributes, true)
  const [height, width, channels, times] = filter!.shape as [number, number, number, number]
  const turned = transpose(g, filter!, [2, 3, 0, 1])
  const weights = reshape(g, turned, [channels * times, 1, height, width])
  return over(g, x!, info, 'Conv', [weights], {
    dilations: [info.dilationHeight, info.dilationWidth],
    group: channels,
  })
}

const fused =
  (convolve: Kernel): Kernel =>
  (g, { x, filter, bias, preluActivationWeights }, attributes) => {
    const made = convolve(g, { x: x!, filter: filter! }, attributes) as Value
    return activate(g, bias ? add(g, made, bias) : made, attributes, preluActivationWeights)
  }

const pool =
  (op: string, more: object = {}): Kernel =>
  (g, { x }, { filterSize, strides, pad, dimRoundingMode }) => {
    const shape = [...x!.shape] as [number, number, number, number]
    const rounding = roundingOf(dimRoundingMode)
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, rounding)
    return over(g, x!, info, op, [], more)
  }

export const convolution: Kernels = {
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwise,
  FusedConv2D: fused(conv2d),
  FusedDepthwiseConv2D: fused(depthwise),
  MaxPool: pool('MaxPool'),
  // The mean of what is there: places beyond the edge do not count.
  AvgPool: pool('AveragePool', { count_include_pad: 0 }),
}
