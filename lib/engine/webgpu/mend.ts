import type { KernelFunc, NamedTensorInfoMap } from '@tensorflow/tfjs'
import { type Tensor, tf } from '../tf.js'
import { cos, expm1, log1p, sin, tan } from './precise.js'

/**
 * Puts right what kernels of tfjs-backend-webgpu 4.22 get wrong: functions that lose digits, and
 * running products backwards, and axes of length 1, over which running sums and products return their input whatever `exclusive`
 * says, and TopK returns its very input, which counts its gradient twice.
 */
export function mend(backend: string): void {
  const wrap = (kernelName: string, mended: (own: KernelFunc) => KernelFunc): void => {
    const own = tf.getKernel(kernelName, backend).kernelFunc
    tf.unregisterKernel(kernelName, backend)
    tf.registerKernel({ kernelName, backendName: backend, kernelFunc: mended(own) })
  }
  for (const [kernelName, precise] of Object.entries(PRECISE))
    wrap(
      kernelName,
      () =>
        ({ inputs }) =>
          precise(tensor(inputs)),
    )
  wrap('Cumsum', running(0))
  wrap('Cumprod', running(1))
  wrap('TopK', own => given => {
    const x = tensor(given.inputs)
    if (x.shape.at(-1) !== 1) return own(given)
    return [tf.add(x, tf.zerosLike(x)), tf.zeros(x.shape, 'int32')]
  })
}

const PRECISE = { Sin: sin, Cos: cos, Tan: tan, Expm1: expm1, Log1p: log1p }

type RunningAttributes = { axis: number; exclusive: boolean; reverse: boolean }

/** Over one number a running sum or product is that number, or what it starts from. */
const running =
  (start: number) =>
  (own: KernelFunc): KernelFunc =>
  given => {
    const x = tensor(given.inputs)
    const { axis, exclusive, reverse } = given.attrs as unknown as RunningAttributes
    if (x.shape.at(axis) === 1)
      return exclusive ? tf.fill(x.shape, start, x.dtype as 'float32') : tf.add(x, tf.zerosLike(x))
    if (!reverse) return own(given)
    const inputs = { x: tf.reverse(x, axis) }
    const turned = own({ ...given, inputs, attrs: { axis, exclusive, reverse: false } })
    return tf.reverse(turned as Tensor, axis)
  }

/** What a kernel is given is a tensor, though its type does not say so. */
const tensor = (inputs: NamedTensorInfoMap): Tensor => inputs.x as Tensor
