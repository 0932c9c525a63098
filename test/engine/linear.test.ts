import fc from 'fast-check'
import t from 'tap'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import { agreeOn, type Case } from './agree.js'
import { both } from './compute.js'
import { broadcastable, float, makeCase, seeds, shapes } from './arbitraries.js'

t.teardown(async () => await both().onnx.dispose())

const side = fc.integer({ min: 1, max: 5 })
const sizes = fc.record({
  m: side,
  k: side,
  n: side,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: seeds,
})

const flip = (shape: number[], turned: boolean): number[] => (turned ? shape.toReversed() : shape)

/** Products of stacks of matrices whose leading sides broadcast, each side turned or not. */
const product = (stacks: fc.Arbitrary<number[][]>, gradient = true): fc.Arbitrary<Case> =>
  fc
    .tuple(sizes, stacks)
    .map(([{ m, k, n, transposeA, transposeB, seed }, [left, right]]) =>
      makeCase(
        'matMul',
        [
          float([...left!, ...flip([m, k], transposeA)], seed),
          float([...right!, ...flip([k, n], transposeB)], seed + 1),
        ],
        (a, b) => tf.matMul(a!, b!, transposeA, transposeB),
        { gradient, attributes: [{ transposeA, transposeB }] },
      ),
    )

const stacked = (count: number): fc.Arbitrary<number[][]> =>
  shapes(1, 2, 3).map(shape => Array.from({ length: count }, () => shape))

/** One matrix for a whole stack of the other side: how a linear layer meets tokens. */
const shared = fc
  .tuple(shapes(1, 2, 3), fc.boolean())
  .map(([shape, right]) => (right ? [shape, []] : [[], shape]))

t.test('products of matrices', async t => {
  const plain = fc.constant([[], []] as number[][])
  // TensorFlow.js differentiates stacks of one shape only.
  const mixed = [product(shared, false), product(broadcastable(2), false)]
  const family = [product(plain), product(stacked(2)), ...mixed]
  await agreeOn(t, family, { runs: 25, seed: 31 })
})

const dot: fc.Arbitrary<Case> = fc
  .tuple(side, seeds)
  .map(([n, seed]) =>
    makeCase('dot', [float([n], seed), float([n], seed + 1)], (a, b) => tf.dot(a!, b!)),
  )

const outer: fc.Arbitrary<Case> = fc
  .tuple(side, side, seeds)
  .map(([m, n, seed]) =>
    makeCase('outerProduct', [float([m], seed), float([n], seed + 1)], (a, b) =>
      tf.outerProduct(a as Tensor1D, b as Tensor1D),
    ),
  )

const layer = (name: string, compute: (x: Tensor, w: Tensor, b: Tensor) => Tensor) =>
  fc
    .tuple(sizes, seeds)
    .map(([{ m, k, n }, seed]) =>
      makeCase(
        name,
        [float([m, k], seed), float([k, n], seed + 1), float([n], seed + 2)],
        (x, w, b) => compute(x!, w!, b!),
      ),
    )

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const

const fused = ACTIVATIONS.map(activation =>
  layer(`fused matMul, ${activation}`, (a, b, bias) =>
    tf.fused.matMul({ a: a as Tensor2D, b: b as Tensor2D, bias, activation }),
  ),
)

const letters: [string, string][] = [
  ['ij,jk->ik', 'product'],
  ['ij,kj->ik', 'turned product'],
  ['bij,bjk->bik', 'stack of products'],
  ['ij,ij->i', 'row by row'],
  ['ij,ij->', 'everything'],
  ['bid,bjd->bij', 'tokens with tokens'],
  ['ij->ji', 'transposition'],
  ['ij->j', 'sum'],
]

/** TensorFlow.js has no gradient of einsum. */
const einsum = letters.map(([equation, what]) =>
  fc.tuple(fc.array(side, { minLength: 6, maxLength: 6 }), seeds).map(([lengths, seed]) => {
    const names = [...new Set(equation.replace(/[^a-z]/g, ''))]
    const inputs = equation
      .split('->')[0]!
      .split(',')
      .map((word, i) =>
        float(
          [...word].map(letter => lengths[names.indexOf(letter)]!),
          seed + i,
        ),
      )
    return makeCase(`einsum ${equation}`, inputs, (...xs) => tf.einsum(equation, ...xs), {
      gradient: false,
      attributes: [what],
    })
  }),
)

t.test('dot, outer, linear layers, fused activations, einsum', async t => {
  const family = [
    dot,
    outer,
    layer('x W + b', (x, w, b) => tf.add(tf.matMul(x, w), b)),
    layer('x W + b twice over', (x, w, b) => {
      const y = tf.add(tf.matMul(x, w), b)
      return tf.add(y, tf.matMul(x, w))
    }),
    layer('b - x W', (x, w, b) => tf.sub(b, tf.matMul(x, w))),
    ...fused,
    ...einsum,
  ]
  await agreeOn(t, family, { runs: 10, seed: 32 })
})
