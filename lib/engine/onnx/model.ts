import { type Attribute, ELEMENT, type Graph, type Node, type Value } from './graph.js'
import { Message } from './protobuf.js'

/** ONNX opset and IR versions of the files we write; onnxruntime reads all older ones. */
const OPSET = 18
const IR_VERSION = 9

/** The bytes of an ONNX model (onnx.proto: ModelProto) for a finished graph. */
export function encodeModel(graph: Graph, producer: string): Uint8Array {
  const body = new Message()
  for (const node of graph.nodes) body.message(1, encodeNode(node))
  body.string(2, 'step')
  for (const value of graph.initializers.values()) body.message(5, encodeTensor(value))
  for (const value of graph.inputs) body.message(11, encodeValueInfo(value.name, value))
  for (const { name, value } of graph.outputs) body.message(12, encodeValueInfo(name, value))
  return new Message()
    .int(1, IR_VERSION)
    .string(2, producer)
    .message(7, body)
    .message(8, new Message().string(1, '').int(2, OPSET))
    .message(8, new Message().string(1, 'com.microsoft').int(2, 1))
    .encode()
}

function encodeNode(node: Node): Message {
  const message = new Message()
  for (const input of node.inputs) message.string(1, input)
  for (const output of node.outputs) message.string(2, output)
  message.string(3, node.outputs[0]!).string(4, node.op)
  for (const [name, value] of Object.entries(node.attributes))
    message.message(5, encodeAttribute(name, value))
  return message.string(7, node.domain)
}

/** AttributeProto: FLOAT = 1, INT = 2, STRING = 3, INTS = 7. */
function encodeAttribute(name: string, value: Attribute): Message {
  const message = new Message().string(1, name)
  if (typeof value === 'number') return message.int(3, value).int(20, 2)
  if (typeof value === 'string') return message.string(4, value).int(20, 3)
  if (!Array.isArray(value)) return message.float(2, value.float).int(20, 1)
  for (const n of value) message.int(8, n)
  return message.int(20, 7)
}

function encodeTensor(value: Value): Message {
  const message = new Message()
  for (const n of value.shape) message.int(1, n)
  const { constant } = value
  if (!constant || !('values' in constant)) throw new Error(`${value.name} is no constant`)
  const { buffer, byteOffset, byteLength } = constant.values
  return message
    .int(2, ELEMENT[value.type])
    .string(8, value.name)
    .bytes(9, new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength))
}

function encodeValueInfo(name: string, value: Value): Message {
  const shape = new Message()
  for (const n of value.shape) shape.message(1, new Message().int(1, n))
  const tensor = new Message().int(1, ELEMENT[value.type]).message(2, shape)
  return new Message().string(1, name).message(2, new Message().message(1, tensor))
}
