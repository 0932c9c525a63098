import t from 'tap'
import { coefficients } from '../../../lib/coordinate/poolings/gpo.js'
import { POOLINGS, type PoolingKind } from '../../../lib/coordinate/poolings/index.js'
import { maskOf } from '../../../lib/coordinate/poolings/mask.js'
import type { Parameters } from '../../../lib/coordinate/heads/head.js'
import { type Tensor1D, type Tensor3D, tf } from '../../../lib/engine/tf.js'
import { both, compute, type Given } from '../../engine/compute.js'
import { reals, sizeOf } from '../../engine/numbers.js'
import { agrees, dot, rowsOf, softmaxOf, total, type Values } from '../derived.js'

t.teardown(async () => await both().onnx.dispose())

const [B, L, D] = [3, 4, 3]
const LENGTHS = [2, 4, 1]

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** A layer of METHODS 1.4, (inputs x units) row by row, applied to one row. */
const linear = (x: readonly number[], p: Values, name: string): number[] => {
  const bias = Array.from(p[`${name}.bias`]!)
  const weight = rowsOf(p[`${name}.weight`]!, bias.length)
  return bias.map((b, j) => b + total(x.map((value, i) => value * weight[i]![j]!)))
}

/** PyTorch's recurrence, gates in the order r, z, n. */
const gru = (x: readonly number[], h: readonly number[], p: Values, name: string): number[] => {
  const [i, o] = [linear(x, p, `${name}.input`), linear(h, p, `${name}.hidden`)]
  return h.map((old, k) => {
    const r = sigmoid(i[k]! + o[k]!)
    const z = sigmoid(i[32 + k]! + o[32 + k]!)
    const n = Math.tanh(i[64 + k]! + r * o[64 + k]!)
    return (1 - z) * n + z * old
  })
}

/** theta of METHODS 2.1 for n tokens. */
function gpoWeights(n: number, p: Values): number[] {
  const positions = Array.from({ length: n }, (_, at) =>
    Array.from({ length: 32 }, (_, k) => {
      const angle = at * 10000 ** ((-2 * Math.floor(k / 2)) / 32)
      return k % 2 ? Math.cos(angle) : Math.sin(angle)
    }),
  )
  const run = (order: number[], name: string): number[][] => {
    const states: number[][] = []
    let h: number[] = Array(32).fill(0) as number[]
    for (const at of order) states[at] = h = gru(positions[at]!, h, p, name)
    return states
  }
  const order = [...positions.keys()]
  const [forth, back] = [run(order, 'forward'), run(order.toReversed(), 'backward')]
  const score = Array.from(p.score!)
  return softmaxOf(
    order.map(
      at =>
        dot(
          score,
          forth[at]!.map((x, k) => (x + back[at]![k]!) / 2),
        ) / 0.1,
    ),
  )
}

/** One item's tokens to one vector. */
const TRUTHS: Record<PoolingKind, (tokens: number[][], p: Values) => number[]> = {
  mean: tokens => tokens[0]!.map((_, j) => total(tokens.map(x => x[j]!)) / tokens.length),
  max: tokens => tokens[0]!.map((_, j) => Math.max(...tokens.map(x => x[j]!))),
  first: tokens => tokens[0]!,
  attention(tokens, p) {
    const query = Array.from(p.query!)
    const scores = tokens.map(x => dot(query, linear(x, p, 'attend').map(Math.tanh)))
    const shares = softmaxOf(scores)
    return tokens[0]!.map((_, j) => total(tokens.map((x, k) => shares[k]! * x[j]!)))
  },
  gpo(tokens, p) {
    const weights = gpoWeights(tokens.length, p)
    return tokens[0]!.map((_, j) => {
      const sorted = tokens.map(x => x[j]!).toSorted((a, b) => b - a)
      return total(sorted.map((x, k) => weights[k]! * x))
    })
  },
}

const given = (kind: PoolingKind): Record<string, Given> => ({
  x: { shape: [B, L, D], values: reals(B * L * D, 1) },
  lengths: { shape: [B], values: Int32Array.from(LENGTHS) },
  ...Object.fromEntries(
    POOLINGS[kind]
      .parameters(D)
      .map(({ name, shape }, i) => [
        name,
        { shape, values: reals(sizeOf(shape), i + 2, -0.4, 0.4) },
      ]),
  ),
})

const pool = (kind: PoolingKind, tensors: Parameters) =>
  POOLINGS[kind].pool(tensors.x as Tensor3D, maskOf(tensors.lengths as Tensor1D, L), tensors)

/** Some numbers of both signs, to make a scalar of a pooled batch. */
const signal = (i: number): number => Math.sin(1 + 3 * i) + 0.25

for (const kind of Object.keys(POOLINGS) as PoolingKind[]) {
  t.test(`${kind}: value and gradients equal float64 loops and finite differences`, async t => {
    const parameters = POOLINGS[kind].parameters(D).map(({ name }) => name)
    // The recurrent weights are many: those of one gate and the score stand for all.
    const few = parameters.filter(name => kind !== 'gpo' || /hidden.bias|score/.test(name))
    await agrees(
      t,
      kind,
      given(kind),
      ['x', ...few],
      tensors => {
        const weights = tf.tensor2d(
          Array.from({ length: B * D }, (_, i) => signal(i)),
          [B, D],
        )
        return tf.sum(tf.mul(pool(kind, tensors), weights))
      },
      values => {
        const all = rowsOf(values.x!, D)
        return total(
          LENGTHS.flatMap((n, b) =>
            TRUTHS[kind](all.slice(b * L, b * L + n), values).map((x, j) => x * signal(b * D + j)),
          ),
        )
      },
    )
  })

  t.test(`${kind}: what is padding has no influence`, async t => {
    const one = given(kind)
    const other = given(kind)
    LENGTHS.forEach((n, b) => other.x!.values.fill(1e3, (b * L + n) * D, (b + 1) * L * D))
    for (const opened of Object.values(both())) {
      const run = (inputs: Record<string, Given>) =>
        compute(opened, inputs, tensors => ({ pooled: pool(kind, tensors) }))
      t.same((await run(other)).pooled, (await run(one)).pooled, opened.name)
    }
  })
}

t.test(
  'without a score all sorted values count alike: generalised pooling is the mean',
  async t => {
    const inputs = given('gpo')
    inputs.score!.values.fill(0)
    const { weights } = await compute(both().onnx, inputs, tensors => ({
      weights: coefficients(L, tensors),
    }))
    const wanted = Array.from({ length: L * L }, (_, i) => {
      const n = Math.floor(i / L) + 1
      return i % L < n ? 1 / n : 0
    })
    t.ok(wanted.every((x, i) => Math.abs(weights![i]! - x) < 1e-6))
  },
)
