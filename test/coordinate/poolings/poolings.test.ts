import t from 'tap'
import { coefficients } from '../../../lib/coordinate/poolings/gpo.js'
import { POOLINGS, type PoolingKind } from '../../../lib/coordinate/poolings/index.js'
import { maskOf } from '../../../lib/coordinate/poolings/mask.js'
import type { Parameters } from '../../../lib/coordinate/heads/head.js'
import { type Tensor1D, type Tensor3D, tf } from '../../../lib/engine/tf.js'
import { both, compute, type Given } from '../../engine/compute.js'
import { reals, sizeOf } from '../../engine/numbers.js'
import { erf } from '../float64-heads.js'
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
  fdt(tokens, p) {
    const entries = rowsOf(p.dictionary!, D)
    const scores = entries.map(entry =>
      Math.max(...tokens.map(token => dot(token, entry) / (100 * Math.sqrt(D)))),
    )
    const weights = sparsemaxOf(scores)
    return tokens[0]!.map((_, j) => total(entries.map((entry, c) => weights[c]! * entry[j]!)))
  },
  universal(tokens, p) {
    const hidden = linear(Array.from(p.modality!), p, 'token.in').map(x => Math.max(0, x))
    const deeper = linear(hidden, p, 'token.middle').map(x => Math.max(0, x))
    const own = normed(linear(deeper, p, 'token.out'), p, 'token.norm')
    const z = tokens.map(token => added(token, own))
    const start = z.map(row => normed(row, p, 'norm'))
    const mixed = attended(start, p).map((row, i) => added(start[i]!, row))
    const out = mixed.map((row, i) => {
      const fed = linear(normed(row, p, 'feed.norm'), p, 'feed.in')
      const active = fed.map(x => (x / 2) * (1 + erf(x / Math.SQRT2)))
      return added(added(row, linear(active, p, 'feed.out')), z[i]!)
    })
    return tokens[0]!.map((_, j) => total(out.map(row => row[j]!)) / tokens.length)
  },
  gpo(tokens, p) {
    const weights = gpoWeights(tokens.length, p)
    return tokens[0]!.map((_, j) => {
      const sorted = tokens.map(x => x[j]!).toSorted((a, b) => b - a)
      return total(sorted.map((x, k) => weights[k]! * x))
    })
  },
}

/** By trial: the support is whatever makes max(z - t, 0) sum to 1. */
const sparsemaxOf = (z: readonly number[]): number[] => {
  const sums = z.map(t => total(z.map(x => Math.max(0, x - t))))
  const support = z.filter((_, i) => sums[i]! < 1)
  const t = (total(support) - 1) / support.length
  return z.map(x => Math.max(0, x - t))
}

const normed = (x: readonly number[], p: Values, name: string): number[] => {
  const mean = total([...x]) / x.length
  const deviation = Math.sqrt(total(x.map(v => (v - mean) ** 2)) / x.length + 1e-5)
  return x.map(
    (v, j) => ((v - mean) / deviation) * p[`${name}.scale`]![j]! + p[`${name}.shift`]![j]!,
  )
}

const added = (a: readonly number[], b: readonly number[]): number[] => a.map((x, j) => x + b[j]!)

/** One head of attention: D is odd, so that there is no other number of them. */
const attended = (rows: number[][], p: Values): number[][] => {
  const [q, k, v] = ['query', 'key', 'value'].map(part =>
    rows.map(row => linear(row, p, `self.${part}`)),
  ) as [number[][], number[][], number[][]]
  return q.map(asks => {
    const shares = softmaxOf(k.map(key => dot(asks, key) / Math.sqrt(D)))
    const mix = asks.map((_, j) => total(v.map((value, i) => shares[i]! * value[j]!)))
    return linear(mix, p, 'self.out')
  })
}

/** Its own parameters, and those that modalities share. */
const specs = (kind: PoolingKind) => [
  ...POOLINGS[kind].parameters(D),
  ...(POOLINGS[kind].shared?.(D) ?? []),
]

const given = (kind: PoolingKind): Record<string, Given> => ({
  x: { shape: [B, L, D], values: reals(B * L * D, 1) },
  lengths: { shape: [B], values: Int32Array.from(LENGTHS) },
  ...Object.fromEntries(
    specs(kind).map(({ name, shape }, i) => [
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
    // Where weights are many some of every part stand for all.
    const many: Partial<Record<PoolingKind, RegExp>> = {
      gpo: /hidden.bias|score/,
      universal: /modality|norm|bias|self/,
    }
    const few = specs(kind).flatMap(({ name }) => (many[kind]?.test(name) === false ? [] : name))
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

  t.test(`${kind}: what is padding has no influence (METHODS 5, pitfall 2)`, async t => {
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
