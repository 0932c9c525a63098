import type { Numbers } from '../types.js'

/** ONNX element types (onnx.proto, TensorProto.DataType) of what our graphs use. */
export const ELEMENT = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const
export type Element = keyof typeof ELEMENT

/** A tensor of the graph: shape and type are always known, the numbers only where constant. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: Element
  /** A constant of the trace: all of its numbers, or the one number it repeats. */
  readonly constant?: Constant
}

export type Constant =
  { readonly uniform: number } | { readonly values: Numbers | Uint8Array | BigInt64Array }

export type Attribute = number | number[] | { float: number } | string

export interface Node {
  op: string
  domain: '' | 'com.microsoft'
  inputs: string[]
  outputs: string[]
  attributes: Record<string, Attribute>
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

/** A graph under construction. Equal nodes are made once; constants are written when first used. */
export class Graph {
  readonly nodes: Node[] = []
  readonly initializers = new Map<string, Value>()
  readonly inputs: Value[] = []
  readonly outputs: { name: string; value: Value }[] = []
  private readonly made = new Map<string, Value[]>()
  private count = 0

  input(name: string, shape: readonly number[], type: Element): Value {
    const value: Value = { name, shape, type }
    this.inputs.push(value)
    return value
  }

  output(name: string, value: Value): void {
    this.outputs.push({ name, value })
  }

  /** One node with one output; none for an output without numbers, which is a constant. */
  emit(
    op: string,
    inputs: readonly (Value | undefined)[],
    shape: readonly number[],
    type: Element,
    attributes: Record<string, Attribute> = {},
    domain: Node['domain'] = '',
  ): Value {
    if (sizeOf(shape) === 0) return this.uniform(0, shape, type)
    return this.emitAll(op, inputs, [{ shape, type }], attributes, domain)[0]!
  }

  /** One node with several outputs. */
  emitAll(
    op: string,
    inputs: readonly (Value | undefined)[],
    outputs: readonly { shape: readonly number[]; type: Element }[],
    attributes: Record<string, Attribute> = {},
    domain: Node['domain'] = '',
  ): Value[] {
    const names = inputs.map(input => (input ? this.use(input) : ''))
    const key = JSON.stringify([op, domain, names, attributes, outputs])
    const known = this.made.get(key)
    if (known) return known
    const values = outputs.map(({ shape, type }) => ({ name: this.fresh(op), shape, type }))
    this.nodes.push({ op, domain, inputs: names, outputs: values.map(v => v.name), attributes })
    this.made.set(key, values)
    return values
  }

  /** A constant tensor; uniform ones stay one number until somebody needs them whole. */
  constant(
    values: Numbers | Uint8Array | BigInt64Array,
    shape: readonly number[],
    type: Element,
  ): Value {
    const first = values[0]
    if (first !== undefined && type !== 'int64' && values.every((v: unknown) => v === first))
      return this.uniform(Number(first), shape, type)
    return { name: this.fresh('constant'), shape, type, constant: { values } }
  }

  uniform(value: number, shape: readonly number[], type: Element): Value {
    return { name: this.fresh('uniform'), shape, type, constant: { uniform: value } }
  }

  /** A vector of int64, as ONNX wants shapes and axes. */
  ints(values: readonly number[]): Value {
    const key = `int64 ${values.join(' ')}`
    const known = this.made.get(key)
    if (known) return known[0]!
    const value: Value = {
      name: this.fresh('ints'),
      shape: [values.length],
      type: 'int64',
      constant: { values: BigInt64Array.from(values, BigInt) },
    }
    this.made.set(key, [value])
    return value
  }

  /** The scalar of a uniform constant, to be broadcast by the node that takes it. */
  scalar(value: number, type: Element): Value {
    const key = `scalar ${type} ${Object.is(value, -0) ? '-0' : value}`
    const known = this.made.get(key)
    if (known) return known[0]!
    const scalar: Value = {
      name: this.fresh('scalar'),
      shape: [],
      type,
      constant: { values: typed([value], type) },
    }
    this.made.set(key, [scalar])
    return scalar
  }

  /** Gives every output its name, and removes what no output depends on. */
  finish(): void {
    const renamed = new Map<string, string>()
    for (const { name, value } of this.outputs) {
      const source = this.use(value)
      const made = this.nodes.some(node => node.outputs.includes(source))
      // An output that is an input, a constant or another output as well needs a copy.
      if (made && !renamed.has(source)) renamed.set(source, name)
      else
        this.nodes.push({
          op: 'Identity',
          domain: '',
          inputs: [source],
          outputs: [name],
          attributes: {},
        })
    }
    const rename = (name: string): string => renamed.get(name) ?? name
    for (const node of this.nodes) {
      node.inputs = node.inputs.map(rename)
      node.outputs = node.outputs.map(rename)
    }
    const needed = new Set<string>(this.outputs.map(({ name }) => name))
    for (const node of this.nodes.toReversed())
      if (node.outputs.some(name => needed.has(name)))
        for (const name of node.inputs) needed.add(name)
    const kept = this.nodes.filter(node => node.outputs.some(name => needed.has(name)))
    this.nodes.splice(0, this.nodes.length, ...kept)
    for (const name of this.initializers.keys())
      if (!needed.has(name)) this.initializers.delete(name)
  }

  /** The name under which a node refers to a value; constants enter the graph here. */
  private use(value: Value): string {
    const { constant } = value
    if (!constant) return value.name
    if ('values' in constant) {
      this.initializers.set(value.name, value)
      return value.name
    }
    if (value.shape.length === 0) return this.use(this.scalar(constant.uniform, value.type))
    if (sizeOf(value.shape) === 0)
      return this.use({ ...value, constant: { values: typed([], value.type) } })
    const scalar = this.scalar(constant.uniform, value.type)
    return this.emit('Expand', [scalar, this.ints(value.shape)], value.shape, value.type).name
  }

  private fresh(stem: string): string {
    return `${stem}_${this.count++}`
  }
}

export function typed(
  values: ArrayLike<number>,
  type: Element,
): Numbers | Uint8Array | BigInt64Array {
  if (type === 'float32') return Float32Array.from(values)
  if (type === 'int32') return Int32Array.from(values)
  if (type === 'bool' || type === 'uint8') return Uint8Array.from(values)
  return BigInt64Array.from(Array.from(values), BigInt)
}
