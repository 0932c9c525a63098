import { type Graph, sameShape, type Value } from '../graph.js'
import { asOperand, broadcastShape, cast, type Kernel, type Kernels, uniformOf } from './kernel.js'

/** One ONNX node, same shape and type. `fold` is what it does to a constant. */
const unary =
  (op: string, fold?: (x: number) => number): Kernel =>
  (g, { x }) => {
    const uniform = uniformOf(x!)
    return fold && uniform !== undefined
      ? g.uniform(Math.fround(fold(uniform)), x!.shape, x!.type)
      : g.emit(op, [x!], x!.shape, x!.type)
  }

interface Arithmetic {
  fold?: (a: number, b: number) => number
  /** x op neutral = x; for commutative operations on either side. */
  neutral?: number
  commutes?: boolean
}

export function arithmetic(op: string, { fold, neutral, commutes }: Arithmetic = {}) {
  return (g: Graph, a: Value, b: Value): Value => {
    const shape = broadcastShape(a.shape, b.shape)
    const [ua, ub] = [uniformOf(a), uniformOf(b)]
    if (fold && ua !== undefined && ub !== undefined) {
      const value = fold(ua, ub)
      return g.uniform(a.type === 'float32' ? Math.fround(value) : value, shape, a.type)
    }
    if (neutral !== undefined && ub === neutral && sameShape(a.shape, shape)) return a
    if (commutes && neutral !== undefined && ua === neutral && sameShape(b.shape, shape)) return b
    return g.emit(op, [asOperand(g, a, shape, [b]), asOperand(g, b, shape, [a])], shape, a.type)
  }
}

export const add = arithmetic('Add', { fold: (a, b) => a + b, neutral: 0, commutes: true })
export const sub = arithmetic('Sub', { fold: (a, b) => a - b, neutral: 0 })
export const mul = arithmetic('Mul', { fold: (a, b) => a * b, neutral: 1, commutes: true })
export const div = arithmetic('Div', { fold: (a, b) => a / b, neutral: 1 })
const pow = arithmetic('Pow', { neutral: 1 })

const binary =
  (f: (g: Graph, a: Value, b: Value) => Value): Kernel =>
  (g, { a, b }) =>
    f(g, a!, b!)

export function compare(op: string) {
  return (g: Graph, a: Value, b: Value): Value => {
    const shape = broadcastShape(a.shape, b.shape)
    return g.emit(op, [asOperand(g, a, shape, [b]), asOperand(g, b, shape, [a])], shape, 'bool')
  }
}

export const equal = compare('Equal')
const greater = compare('Greater')
const less = compare('Less')
const and = compare('And')
const or = compare('Or')
export const not = (g: Graph, x: Value): Value => g.emit('Not', [x], x.shape, 'bool')

export function where(g: Graph, condition: Value, t: Value, e: Value): Value {
  const shape = broadcastShape(broadcastShape(condition.shape, t.shape), e.shape)
  const operands = [condition, t, e]
  return g.emit(
    'Where',
    [condition, asOperand(g, t, shape, operands), asOperand(g, e, shape, operands)],
    shape,
    t.type,
  )
}

const number = (g: Graph, value: number, like: Value): Value => g.scalar(value, like.type)

/** log(1 + x) without losing small x: x log(u) / (u - 1) with u = 1 + x (Kahan). */
function log1p(g: Graph, x: Value): Value {
  const one = number(g, 1, x)
  const u = add(g, x, one)
  const log = g.emit('Log', [u], x.shape, x.type)
  const lost = equal(g, u, one)
  const fine = div(g, mul(g, x, log), where(g, lost, one, sub(g, u, one)))
  return where(g, lost, x, fine)
}

/** exp(x) - 1 without losing small x: (u - 1) x / log(u) with u = exp(x) (Kahan). */
function expm1(g: Graph, x: Value): Value {
  const one = number(g, 1, x)
  const u = g.emit('Exp', [x], x.shape, x.type)
  const less1 = sub(g, u, one)
  const log = g.emit('Log', [u], x.shape, x.type)
  const fine = div(g, mul(g, less1, x), where(g, equal(g, log, number(g, 0, x)), one, log))
  const small = less(g, g.emit('Abs', [x], x.shape, x.type), number(g, 0.5, x))
  return where(g, small, where(g, equal(g, u, one), x, fine), less1)
}

/** atan2 by quadrants from atan, which ONNX has. */
function atan2(g: Graph, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape)
  const zero = g.scalar(0, 'float32')
  const base = g.emit('Atan', [div(g, a, b)], shape, 'float32')
  const half = where(
    g,
    less(g, a, zero),
    g.scalar(-Math.PI, 'float32'),
    g.scalar(Math.PI, 'float32'),
  )
  const left = less(g, b, zero)
  const onAxis = and(g, equal(g, a, zero), equal(g, b, zero))
  return where(g, onAxis, zero, add(g, base, where(g, left, half, zero)))
}

/** The remainder with the sign of the divisor, as TensorFlow.js has it. */
function mod(g: Graph, a: Value, b: Value): Value {
  if (a.type === 'int32') return arithmetic('Mod')(g, a, b)
  return sub(g, a, mul(g, floor(g, div(g, a, b)), b))
}

const floor = (g: Graph, x: Value): Value => g.emit('Floor', [x], x.shape, x.type)

/** Rounded down, and int32 whatever the operands are, as TensorFlow.js has it. */
function floorDiv(g: Graph, a: Value, b: Value): Value {
  return cast(g, floor(g, div(g, cast(g, a, 'float32'), cast(g, b, 'float32'))), 'int32')
}

const square = (g: Graph, x: Value): Value => mul(g, x, x)

const isFinite: Kernel = (g, { x }) =>
  not(g, or(g, g.emit('IsNaN', [x!], x!.shape, 'bool'), g.emit('IsInf', [x!], x!.shape, 'bool')))

/** 1 where x > 0, alpha elsewhere. */
const step: Kernel = (g, { x }, { alpha }) =>
  where(g, greater(g, x!, number(g, 0, x!)), number(g, 1, x!), number(g, alpha ?? 0, x!))

const clip: Kernel = (g, { x }, { clipValueMin, clipValueMax }) =>
  g.emit('Clip', [x!, number(g, clipValueMin, x!), number(g, clipValueMax, x!)], x!.shape, x!.type)

const eluGrad: Kernel = (g, { dy, y }) =>
  where(
    g,
    compare('GreaterOrEqual')(g, y!, number(g, 0, y!)),
    dy!,
    mul(g, dy!, add(g, y!, number(g, 1, y!))),
  )

/** (x - mean) / sqrt(variance + epsilon) * scale + offset; scale and offset may be left out. */
const batchNorm: Kernel = (g, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
  const spread = add(g, variance!, number(g, varianceEpsilon ?? 0.001, x!))
  const deviation = g.emit('Sqrt', [spread], spread.shape, spread.type)
  const normed = div(g, sub(g, x!, mean!), deviation)
  const scaled = scale ? mul(g, normed, scale) : normed
  return offset ? add(g, scaled, offset) : scaled
}

export const elementwise: Kernels = {
  Abs: unary('Abs', Math.abs),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil', Math.ceil),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp', Math.exp),
  Floor: unary('Floor', Math.floor),
  Log: unary('Log', Math.log),
  Neg: unary('Neg', x => -x),
  Reciprocal: unary('Reciprocal', x => 1 / x),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Selu: unary('Selu'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt', Math.sqrt),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  Rsqrt: (g, { x }) =>
    unary('Reciprocal', x => 1 / x)(
      g,
      { x: unary('Sqrt', Math.sqrt)(g, { x: x! }, {}) as Value },
      {},
    ),
  Log1p: (g, { x }) => log1p(g, x!),
  Expm1: (g, { x }) => expm1(g, x!),
  Square: (g, { x }) => square(g, x!),
  Relu6: (g, { x }) => clip(g, { x: x! }, { clipValueMin: 0, clipValueMax: 6 }),
  LeakyRelu: (g, { x }, { alpha }) =>
    g.emit('LeakyRelu', [x!], x!.shape, x!.type, { alpha: { float: alpha } }),
  Prelu: (g, { x, alpha }) => g.emit('PRelu', [x!, alpha!], x!.shape, x!.type),
  Step: step,
  ClipByValue: clip,
  EluGrad: eluGrad,
  IsNan: (g, { x }) => g.emit('IsNaN', [x!], x!.shape, 'bool'),
  IsInf: (g, { x }) => g.emit('IsInf', [x!], x!.shape, 'bool'),
  IsFinite: isFinite,
  LogicalNot: (g, { x }) => not(g, x!),
  Cast: (g, { x }, { dtype }) => cast(g, x!, dtype),
  Identity: (_, { x }) => x!,
  Add: binary(add),
  Sub: binary(sub),
  Multiply: binary(mul),
  RealDiv: binary(div),
  Pow: binary(pow),
  Mod: binary(mod),
  FloorDiv: binary(floorDiv),
  Atan2: binary(atan2),
  Maximum: binary(arithmetic('Max')),
  Minimum: binary(arithmetic('Min')),
  SquaredDifference: binary((g, a, b) => square(g, sub(g, a, b))),
  Equal: binary(equal),
  NotEqual: binary((g, a, b) => not(g, equal(g, a, b))),
  Greater: binary(greater),
  GreaterEqual: binary(compare('GreaterOrEqual')),
  Less: binary(less),
  LessEqual: binary(compare('LessOrEqual')),
  LogicalAnd: binary(and),
  LogicalOr: binary(or),
  FusedBatchNorm: batchNorm,
  AddN: (g, inputs) => Object.values(inputs).reduce((a, b) => add(g, a, b)),
  Select: (g, { condition, t, e }) => where(g, condition!, t!, e!),
}
