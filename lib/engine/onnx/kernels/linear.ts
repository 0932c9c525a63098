import { type Graph, sameShape, sizeOf, type Value } from '../graph.js'
import { activate } from './activation.js'
import { add } from './elementwise.js'
import { broadcastShape, type Kernel, type Kernels, reshape } from './kernel.js'

/** Two matrices go to Gemm, which takes transposition for free; stacks go to FusedMatMul. */
export function matMul(g: Graph, a: Value, b: Value, transA: boolean, transB: boolean): Value {
  const [m, k] = matrix(a.shape, transA)
  const [k2, n] = matrix(b.shape, transB)
  if (k !== k2) throw new Error(`cannot multiply [${a.shape}] by [${b.shape}]`)
  const [stackA, stackB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const shape = [...broadcastShape(stackA, stackB), m, n]
  const flags = { transA: Number(transA), transB: Number(transB) }
  if (sizeOf(stackA) === 1 && sizeOf(stackB) === 1) {
    const [a2, b2] = [reshape(g, a, a.shape.slice(-2)), reshape(g, b, b.shape.slice(-2))]
    return reshape(g, g.emit('Gemm', [a2, b2], [m, n], a.type, flags), shape)
  }
  if (sizeOf(stackB) === 1 && !transA) {
    const rows = sizeOf(stackA) * m
    const [a2, b2] = [reshape(g, a, [rows, k]), reshape(g, b, b.shape.slice(-2))]
    return reshape(g, g.emit('Gemm', [a2, b2], [rows, n], a.type, flags), shape)
  }
  return g.emit('FusedMatMul', [a, b], shape, a.type, flags, 'com.microsoft')
}

const matrix = (shape: readonly number[], transposed: boolean): [number, number] => {
  const [rows, columns] = shape.slice(-2) as [number, number]
  return transposed ? [columns, rows] : [rows, columns]
}

const fusedMatMul: Kernel = (g, { a, b, bias, preluActivationWeights }, attributes) => {
  const { transposeA, transposeB } = attributes
  const product = matMul(g, a!, b!, transposeA, transposeB)
  const sum = bias ? add(g, product, bias) : product
  return activate(g, sum, attributes, preluActivationWeights)
}

/** Shapes of an einsum follow from the letters. */
const einsum: Kernel = (g, inputs, { equation }) => {
  const tensors = Object.values(inputs)
  const [left, right] = String(equation).replaceAll(' ', '').split('->')
  const size = new Map<string, number>()
  for (const [i, letters] of left!.split(',').entries())
    for (const [j, letter] of [...letters].entries()) size.set(letter, tensors[i]!.shape[j]!)
  const shape = [...right!].map(letter => size.get(letter)!)
  return g.emit('Einsum', tensors, shape, tensors[0]!.type, { equation: `${left}->${right}` })
}

/**
 * Add of a row or of a whole matrix to a product becomes the product's own third operand: one pass
 * less over it.
 */
export function fuseBias(g: Graph): void {
  const uses = new Map<string, number>()
  for (const name of [
    ...g.nodes.flatMap(node => node.inputs),
    ...g.outputs.map(({ value }) => value.name),
  ])
    uses.set(name, (uses.get(name) ?? 0) + 1)
  const shapes = new Map(g.shapes())
  const products = new Map(
    g.nodes.filter(n => n.op === 'Gemm' && n.inputs.length === 2).map(n => [n.outputs[0]!, n]),
  )
  for (const node of g.nodes) {
    if (node.op !== 'Add') continue
    const at = node.inputs.findIndex(name => products.has(name) && uses.get(name) === 1)
    if (at < 0) continue
    const product = products.get(node.inputs[at]!)!
    const bias = shapes.get(node.inputs[1 - at]!)
    const out = shapes.get(product.outputs[0]!)
    if (!bias || !out || !(sameShape(bias, out) || isRow(bias, out[1]!))) continue
    Object.assign(node, {
      op: 'Gemm',
      inputs: [...product.inputs, node.inputs[1 - at]!],
      attributes: product.attributes,
    })
    product.outputs = []
  }
  g.drop(node => node.outputs.length === 0)
}

const isRow = (shape: readonly number[], columns: number): boolean =>
  sameShape(shape, [columns]) || sameShape(shape, [1, columns])

export const linear: Kernels = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) =>
    matMul(g, a!, b!, Boolean(transposeA), Boolean(transposeB)),
  _FusedMatMul: fusedMatMul,
  Einsum: einsum,
}
