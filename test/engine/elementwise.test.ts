import fc from 'fast-check'
import t from 'tap'
import { type Tensor, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case, differences } from './agree.js'
import { both } from './compute.js'
import { broadcastable, float, int, makeCase, type Range, seeds, shapes } from './arbitraries.js'

t.teardown(async () => await both().onnx.dispose())

type Unary = (x: Tensor) => Tensor

/** Name, operation and where it is defined and has a slope. */
const UNARY: [string, Unary, Range?][] = [
  ['abs', tf.abs],
  ['acos', tf.acos, { low: -0.95, high: 0.95 }],
  ['acosh', tf.acosh, { low: 1.1, high: 5 }],
  ['asin', tf.asin, { low: -0.95, high: 0.95 }],
  ['asinh', tf.asinh],
  ['atan', tf.atan],
  ['atanh', tf.atanh, { low: -0.95, high: 0.95 }],
  ['ceil', tf.ceil],
  ['clip', x => tf.clipByValue(x, -0.5, 1)],
  ['cos', tf.cos],
  ['cosh', tf.cosh],
  ['elu', tf.elu],
  ['erf', tf.erf],
  ['exp', tf.exp],
  ['expm1', tf.expm1],
  ['floor', tf.floor],
  ['gelu', x => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))],
  ['leakyRelu', x => tf.leakyRelu(x, 0.1)],
  ['log', tf.log, { low: 0.1, high: 4 }],
  ['log1p', tf.log1p, { low: -0.9, high: 4 }],
  ['logSigmoid', tf.logSigmoid],
  ['neg', tf.neg],
  ['reciprocal', tf.reciprocal, { low: 0.2, high: 3 }],
  ['relu', tf.relu],
  ['relu6', x => tf.relu6(tf.mul(x, 5))],
  ['round', tf.round],
  ['rsqrt', tf.rsqrt, { low: 0.1, high: 4 }],
  ['selu', tf.selu],
  ['sigmoid', tf.sigmoid],
  ['sign', tf.sign],
  ['sin', tf.sin],
  ['sinh', tf.sinh],
  ['softplus', tf.softplus],
  ['sqrt', tf.sqrt, { low: 0.1, high: 4 }],
  ['square', tf.square],
  ['step', x => tf.step(x, 0.25)],
  ['tan', tf.tan, { low: -1.3, high: 1.3 }],
  ['tanh', tf.tanh],
]

const unary = ([name, operation, range]: (typeof UNARY)[number]): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(), seeds)
    .map(([shape, seed]) => makeCase(name, [float(shape, seed, range)], operation))

t.test('functions of one number', async t => {
  await agreeOn(t, UNARY.map(unary), { runs: 4, seed: 11 })
})

type Binary = (a: Tensor, b: Tensor) => Tensor

const PLAIN: Range = { low: -2, high: 2 }
const POSITIVE: Range = { low: 0.3, high: 2 }

const BINARY: [string, Binary, Range, Range][] = [
  ['add', tf.add, PLAIN, PLAIN],
  ['sub', tf.sub, PLAIN, PLAIN],
  ['mul', tf.mul, PLAIN, PLAIN],
  ['div', tf.div, PLAIN, POSITIVE],
  ['pow', tf.pow, POSITIVE, PLAIN],
  ['mod', tf.mod, PLAIN, POSITIVE],
  ['atan2', tf.atan2, PLAIN, POSITIVE],
  ['atan2, left half', tf.atan2, PLAIN, { low: -2, high: -0.3 }],
]

const binary = ([name, operation, first, second]: (typeof BINARY)[number]): fc.Arbitrary<Case> =>
  fc
    .tuple(broadcastable(2), seeds)
    .map(([[a, b], seed]) =>
      makeCase(name, [float(a!, seed, first), float(b!, seed + 1, second)], operation),
    )

/** TensorFlow.js knows their gradients only where both operands have one shape. */
const equalShapes = (name: string, operation: Binary): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(), seeds)
    .map(([shape, seed]) => makeCase(name, [float(shape, seed), float(shape, seed + 1)], operation))

t.test('functions of two numbers, broadcast', async t => {
  const strict = [
    equalShapes('maximum', tf.maximum),
    equalShapes('minimum', tf.minimum),
    equalShapes('squaredDifference', tf.squaredDifference),
    equalShapes('prelu', tf.prelu),
  ]
  await agreeOn(t, [...BINARY.map(binary), ...strict], { runs: 12, seed: 12 })
})

const WHOLE: Range = { low: -9, high: 9 }
const COUNT: Range = { low: 1, high: 5 }

const INTEGER: [string, Binary, Range, Range][] = [
  ['add', tf.add, WHOLE, WHOLE],
  ['sub', tf.sub, WHOLE, WHOLE],
  ['mul', tf.mul, WHOLE, WHOLE],
  ['div', tf.div, WHOLE, COUNT],
  ['floorDiv', tf.floorDiv, WHOLE, COUNT],
  ['floorDiv by a negative', tf.floorDiv, WHOLE, { low: -5, high: -1 }],
  ['mod', tf.mod, WHOLE, COUNT],
  ['mod of a negative', tf.mod, WHOLE, { low: -5, high: -1 }],
  ['pow', tf.pow, { low: -4, high: 4 }, { low: 0, high: 3 }],
  ['maximum', tf.maximum, WHOLE, WHOLE],
  ['minimum', tf.minimum, WHOLE, WHOLE],
  ['squaredDifference', tf.squaredDifference, WHOLE, WHOLE],
  ['equal', tf.equal, COUNT, COUNT],
  ['notEqual', tf.notEqual, COUNT, COUNT],
  ['greater', tf.greater, COUNT, COUNT],
  ['greaterEqual', tf.greaterEqual, COUNT, COUNT],
  ['less', tf.less, COUNT, COUNT],
  ['lessEqual', tf.lessEqual, COUNT, COUNT],
  ['mixed with a real', (a, b) => tf.mul(a, tf.add(tf.cast(b, 'float32'), 0.5)), WHOLE, WHOLE],
]

const integer = ([name, operation, first, second]: (typeof INTEGER)[number]): fc.Arbitrary<Case> =>
  fc.tuple(broadcastable(2), seeds).map(([[a, b], seed]) =>
    makeCase(name, [int(a!, seed, first), int(b!, seed + 1, second)], operation, {
      gradient: false,
    }),
  )

const INTEGER_UNARY: [string, Unary][] = [
  ['abs', tf.abs],
  ['neg', tf.neg],
  ['sign', tf.sign],
  ['square', tf.square],
  ['relu', tf.relu],
  ['clip', x => tf.clipByValue(x, -3, 4)],
  ['onesLike', tf.onesLike],
  ['zerosLike', tf.zerosLike],
  ['sum', x => tf.sum(x)],
  ['max', x => tf.max(x)],
  ['to float', x => tf.cast(x, 'float32')],
  ['to bool', x => tf.cast(x, 'bool')],
  ['to bool and back', x => tf.cast(tf.cast(x, 'bool'), 'float32')],
]

const integerUnary = ([name, operation]: (typeof INTEGER_UNARY)[number]): fc.Arbitrary<Case> =>
  fc
    .tuple(shapes(), seeds)
    .map(([shape, seed]) =>
      makeCase(name, [int(shape, seed, WHOLE)], operation, { gradient: false }),
    )

t.test('whole numbers', async t => {
  await agreeOn(t, [...INTEGER.map(integer), ...INTEGER_UNARY.map(integerUnary)], {
    runs: 10,
    seed: 13,
  })
})

/** The sign of a number that is never 0, as a bool. */
const positive = (x: Tensor): Tensor => tf.greater(x, 0)

const LOGIC: [string, Binary][] = [
  ['and', (a, b) => tf.logicalAnd(positive(a), positive(b))],
  ['or', (a, b) => tf.logicalOr(positive(a), positive(b))],
  ['xor', (a, b) => tf.logicalXor(positive(a), positive(b))],
  ['not', a => tf.logicalNot(positive(a))],
  ['equal', (a, b) => tf.equal(tf.round(a), tf.round(b))],
  ['notEqual', (a, b) => tf.notEqual(tf.round(a), tf.round(b))],
  ['greaterEqual', tf.greaterEqual],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['squaredDifference', tf.squaredDifference],
  // Of two reals TensorFlow.js makes an int32, and so must onnx; TensorFlow itself makes a real.
  [
    'floorDiv',
    both().onnx.name === 'onnx' ? tf.floorDiv : (a, b) => tf.cast(tf.floorDiv(a, b), 'int32'),
  ],
  ['divNoNan', (a, b) => tf.divNoNan(a, tf.round(b))],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['float to int', a => tf.cast(tf.mul(a, 3), 'int32')],
  ['float to bool', a => tf.cast(tf.round(a), 'bool')],
]

const logic = ([name, operation]: (typeof LOGIC)[number]): fc.Arbitrary<Case> =>
  fc
    .tuple(broadcastable(2), seeds)
    .map(([[a, b], seed]) =>
      makeCase(name, [float(a!, seed), float(b!, seed + 1)], operation, { gradient: false }),
    )

const where: fc.Arbitrary<Case> = fc
  .tuple(broadcastable(3), seeds)
  .map(([[c, a, b], seed]) =>
    makeCase(
      'where',
      [float(a!, seed), float(b!, seed + 1), int(c!, seed + 2, { low: 0, high: 1 })],
      (x, y, condition) => tf.where(tf.cast(condition!, 'bool'), x!, y!),
    ),
  )

const addN: fc.Arbitrary<Case> = fc
  .tuple(shapes(), seeds, fc.integer({ min: 1, max: 4 }))
  .map(([shape, seed, count]) =>
    makeCase(
      'addN',
      Array.from({ length: count }, (_, i) => float(shape, seed + i)),
      (...xs) => tf.addN(xs),
    ),
  )

t.test('truth, choice and conversion', async t => {
  await agreeOn(t, [...LOGIC.map(logic), where, addN], { runs: 12, seed: 14 })
})

const EDGES = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-7, -1e-7, 20, -20, 88, -88, 1e30, -1e30]
const BEYOND = [Infinity, -Infinity, NaN]

/** Kernels that must treat what is no number alike; the rest is not asked to. */
const NON_FINITE: [string, Unary][] = [
  ['isNaN', tf.isNaN],
  ['isInf', tf.isInf],
  ['isFinite', tf.isFinite],
  ['abs', tf.abs],
  ['exp', tf.exp],
  ['neg', tf.neg],
  ['sqrt', tf.sqrt],
  ['square', tf.square],
  ['add 1', x => tf.add(x, 1)],
  ['divNoNan', x => tf.divNoNan(tf.clipByValue(x, -1, 1), tf.zerosLike(x))],
]

t.test('numbers at the edge', async t => {
  const given = (values: number[]) => [
    { shape: [values.length], values: Float32Array.from(values) },
  ]
  // Tan and the inverses of bounded functions are noise or nothing this far out.
  const bounded = /^(tan|acos|asin|atanh|acosh|sin|cos)$/
  const everywhere = UNARY.filter(([name]) => !bounded.test(name)).map(([name, operation]) =>
    makeCase(name, given(EDGES), operation, { gradient: false }),
  )
  const beyond = NON_FINITE.map(([name, operation]) =>
    makeCase(name, given([...EDGES, ...BEYOND]), operation, { gradient: false }),
  )
  t.same(await differences([...everywhere, ...beyond]), [])
})

t.test('atan2 knows its quadrants and axes', async t => {
  const y = [1, 1, -1, -1, 0, 0, 1, -1, 0]
  const x = [1, -1, 1, -1, 1, -1, 0, 0, 0]
  const inputs = [y, x].map(v => ({ shape: [9], values: Float32Array.from(v) }))
  t.same(await differences([makeCase('atan2', inputs, tf.atan2, { gradient: false })]), [])
})

t.test('log1p and expm1 keep small numbers', async t => {
  const { onnx } = both()
  const values = Float32Array.from(
    [1e-30, 1e-12, 1e-8, 3e-8, 1e-7, 1e-5, 3e-4, 0.01, 0.3, 0.49, 0.51, 3].flatMap(x => [x, -x]),
  ).filter(x => x > -1)
  const state = onnx.state({})
  const compiled = await onnx.compile(
    {
      name: 'small numbers',
      inputs: { x: { shape: [values.length], dtype: 'float32' } },
      step: ({ inputs }) => ({
        outputs: { log1p: tf.log1p(inputs.x!), expm1: tf.expm1(inputs.x!) },
      }),
    },
    state,
  )
  const { log1p, expm1 } = await compiled.run({ x: values })
  compiled.dispose()
  for (const [i, x] of values.entries()) {
    const off = (got: number, wanted: number) => Math.abs(got - wanted) / Math.abs(wanted)
    t.ok(off(log1p![i]!, Math.log1p(x)) < 1e-6, `log1p(${x}) = ${log1p![i]}`)
    t.ok(off(expm1![i]!, Math.expm1(x)) < 1e-6, `expm1(${x}) = ${expm1![i]}`)
  }
})
