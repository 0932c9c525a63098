import { type Graph, sizeOf, type Value } from '../graph.js'
import { activate } from './activation.js'
import { add } from './elementwise.js'
import { broadcastShape, type Kernel, type Kernels, reshape } from './kernel.js'

/**
 * Two matrices go to Gemm, which takes transposition for free; stacks go to FusedMatMul. What is
 * added to a product stays a node of its own: as Gemm's third operand one thread would copy it into
 * place first, which takes longer than the addition.
 */
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

export const linear: Kernels = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) =>
    matMul(g, a!, b!, Boolean(transposeA), Boolean(transposeB)),
  _FusedMatMul: fusedMatMul,
  Einsum: einsum,
}
