import { Message } from '../../lib/engine/onnx/protobuf.js'

/** Element types by their numbers in onnx.proto. */
const ELEMENT = { float32: 1, uint8: 2, int16: 5, string: 8, float16: 10, float64: 11 }
export type Element = keyof typeof ELEMENT

/**
 * The bytes of a model of one node: `op` from a tensor `x` of `shape` to `y` of `result`; axes of 0
 * are open.
 */
export function oneNode(
  op: string,
  shape: number[],
  { result = shape, type = 'float32' }: { result?: number[]; type?: Element } = {},
): Uint8Array {
  const value = (name: string, lengths: number[]): Message => {
    const axes = new Message()
    lengths.forEach((length, at) =>
      axes.message(1, length ? new Message().int(1, length) : new Message().string(2, `n${at}`)),
    )
    const tensor = new Message().int(1, ELEMENT[type]).message(2, axes)
    return new Message().string(1, name).message(2, new Message().message(1, tensor))
  }
  const node = new Message().string(1, 'x').string(2, 'y').string(4, op)
  const graph = new Message()
    .message(1, node)
    .string(2, 'test')
    .message(11, value('x', shape))
    .message(12, value('y', result))
  return new Message()
    .int(1, 9)
    .message(7, graph)
    .message(8, new Message().string(1, '').int(2, 18))
    .encode()
}
