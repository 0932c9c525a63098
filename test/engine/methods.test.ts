import t from 'tap'
import { detach } from '../../lib/engine/ops/detach.js'
import { logSumExp } from '../../lib/engine/ops/log-sum-exp.js'
import { sortDescending } from '../../lib/engine/ops/sort.js'
import { unitRows } from '../../lib/engine/ops/unit-rows.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import { type Case, differences } from './agree.js'
import { both } from './compute.js'
import { float, int, makeCase } from './arbitraries.js'

/**
 * What the methods ask of the engine as a whole (METHODS 1 to 3): each block is written here as a
 * loss would write it, in plain operations, and must agree between the engines with its gradients.
 */

t.teardown(async () => await both().onnx.dispose())

const [B, L, D] = [3, 5, 4]

/** 1 for the first n tokens of each item, else 0: (B, L). */
const maskOf = (lengths: Tensor, tokens: number): Tensor =>
  tf.cast(
    tf.less(tf.expandDims(tf.range(0, tokens, 1, 'int32'), 0), tf.expandDims(lengths, 1)),
    'float32',
  )

/** Softmax over the tokens that are there. */
const maskedSoftmax = (logits: Tensor, mask: Tensor): Tensor =>
  tf.softmax(tf.add(logits, tf.mul(tf.sub(1, mask), -1e9)))

const tokens = float([B, L, D], 1)
const lengths = int([B], 2, { low: 1, high: L })

/** Generalised pooling (METHODS 2.1): coefficients of position times the sorted features. */
const pooling = makeCase('generalised pooling', [tokens, lengths, float([L], 3)], (x, n, score) => {
  const mask = maskOf(n!, L)
  const column = tf.expandDims(mask, 2)
  const padded = tf.add(tf.mul(x!, column), tf.mul(tf.sub(1, column), -1e4))
  const sorted = tf.transpose(sortDescending(tf.transpose(padded, [0, 2, 1])), [0, 2, 1])
  const weights = maskedSoftmax(tf.mul(tf.expandDims(score!, 0), mask), mask)
  return tf.sum(tf.mul(tf.mul(sorted, column), tf.expandDims(weights, 2)), 1)
})

/** One direction of a gated recurrent unit, unrolled over L steps (METHODS 2.1). */
const recurrent = makeCase(
  'recurrent unit',
  [tokens, float([D, 9], 4), float([3, 9], 5), float([9], 6)],
  (x, w, u, b) => {
    let h: Tensor = tf.zeros([B, 3])
    const states: Tensor[] = []
    for (const step of tf.unstack(x!, 1)) {
      const [inZ, inR, inN] = tf.split(tf.add(tf.matMul(step as Tensor2D, w as Tensor2D), b!), 3, 1)
      const [outZ, outR, outN] = tf.split(tf.matMul(h as Tensor2D, u as Tensor2D), 3, 1)
      const z = tf.sigmoid(tf.add(inZ!, outZ!))
      const r = tf.sigmoid(tf.add(inR!, outR!))
      const n = tf.tanh(tf.add(inN!, tf.mul(r, outN!)))
      h = tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h))
      states.push(h)
    }
    return tf.stack(states, 1)
  },
)

/** Text tokens that ask image tokens, some of which are padding (METHODS 2.5). */
const crossAttention = makeCase(
  'cross-attention',
  [tokens, float([B, 3, D], 7), lengths, float([D, D], 8), float([D, D], 9), float([D, D], 10)],
  (x, queries, n, wq, wk, wv) => {
    const project = (from: Tensor, w: Tensor): Tensor => {
      const [b, l] = from.shape as [number, number]
      const flat = tf.matMul(tf.reshape(from, [b * l, D]), w as Tensor2D)
      return tf.transpose(tf.reshape(flat, [b, l, 2, D / 2]), [0, 2, 1, 3])
    }
    const [q, k, v] = [project(queries!, wq!), project(x!, wk!), project(x!, wv!)]
    const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(D / 2))
    const mask = tf.reshape(maskOf(n!, L), [B, 1, 1, L])
    const heads = tf.matMul(maskedSoftmax(scores, tf.mul(mask, tf.onesLike(scores))), v)
    return tf.reshape(tf.transpose(heads, [0, 2, 1, 3]), [B, 3, D])
  },
)

/** Late interaction with padding on the side that is maximised over (METHODS 3.9). */
const late = makeCase('late interaction', [tokens, float([2, 3, D], 11), lengths], (x, y, n) => {
  const flat = tf.matMul(
    tf.reshape(unitRows(x!), [B * L, D]) as Tensor2D,
    tf.reshape(unitRows(y!), [6, D]) as Tensor2D,
    false,
    true,
  )
  const cosines = tf.reshape(flat, [B, L, 2, 3])
  const mask = tf.reshape(maskOf(n!, L), [B, L, 1, 1])
  const biased = tf.add(cosines, tf.mul(tf.sub(1, mask), -1e9))
  return tf.mean(tf.max(biased, 1), -1)
})

/** Sparse weights over a dictionary, by sorting and running sums; the support is a choice (METHODS 3.10). */
const sparsemax = (z: Tensor): Tensor => {
  const n = z.shape.at(-1)!
  const sorted = sortDescending(z)
  const ranks = tf.range(1, n + 1, 1, 'float32')
  const support = (z: Tensor): Tensor =>
    tf.greater(tf.add(tf.mul(z, ranks), 1), tf.cumsum(z, z.rank - 1))
  const inside = detach(z => tf.cast(support(z), 'float32'), sorted)
  const count = tf.sum(inside, -1, true)
  const threshold = tf.div(tf.sub(tf.sum(tf.mul(sorted, inside), -1, true), 1), count)
  return tf.relu(tf.sub(z, threshold))
}

const dictionary = makeCase(
  'sparse dictionary',
  [tokens, lengths, float([7, D], 12)],
  (x, n, words) => {
    const flat = tf.matMul(tf.reshape(x!, [B * L, D]), words as Tensor2D, false, true)
    const scores = tf.reshape(flat, [B, L, 7])
    const mask = tf.expandDims(maskOf(n!, L), 2)
    const pooled = tf.max(tf.add(scores, tf.mul(tf.sub(1, mask), -1e9)), 1)
    return unitRows(tf.matMul(sparsemax(pooled) as Tensor2D, words as Tensor2D))
  },
)

const units = [float([B, D], 13), float([B, D], 14), float([B, D], 15)]

/** Points on the arc between two directions (METHODS 3.2). */
const geodesic = makeCase('geodesic mixup', units.slice(0, 2), (a, b) => {
  const [u, v] = [unitRows(a!), unitRows(b!)]
  const cosine = tf.clipByValue(tf.sum(tf.mul(u, v), -1, true), -1 + 1e-6, 1 - 1e-6)
  const angle = tf.acos(cosine)
  const part = (share: number): Tensor => tf.div(tf.sin(tf.mul(angle, share)), tf.sin(angle))
  return tf.add(tf.mul(part(0.3), u), tf.mul(part(0.7), v))
})

/** Products of three modalities against permuted candidates (METHODS 3.3). */
const multilinear = makeCase('multilinear product', units, (a, b, c) => {
  const [u, v, w] = [unitRows(a!), unitRows(b!), unitRows(c!)]
  const permuted = tf.gather(w, tf.tensor1d([2, 0, 1], 'int32'))
  const logits = tf.matMul(u as Tensor2D, tf.mul(v, permuted) as Tensor2D, false, true)
  const truth = tf.sum(tf.mul(u, tf.mul(v, w)), 1)
  const diagonal = tf.eye(B)
  const replaced = tf.add(
    tf.mul(logits, tf.sub(1, diagonal)),
    tf.mul(tf.expandDims(truth, 1), diagonal),
  )
  return tf.sub(logSumExp(replaced, 1), truth)
})

/** How evenly points lie on the sphere, with and without themselves (METHODS 3.1). */
const uniformity = makeCase('uniformity', units.slice(0, 1), a => {
  const u = unitRows(a as Tensor2D)
  const gram = tf.matMul(u, u, false, true)
  const off = tf.sub(tf.sub(tf.mul(gram, 4), 4), tf.mul(tf.eye(B), 1e9))
  return tf.stack([
    tf.logSumExp(tf.sub(tf.mul(gram, 4), 4)),
    tf.logSumExp(off),
    tf.mean(tf.squaredDifference(u, tf.reverse(u, 0))),
  ])
})

/** The hardest negative of each row, positives of the same group excluded (METHODS 3.12). */
const hardest = makeCase(
  'hardest negative',
  [float([4, 4], 16), int([4], 17, { low: 0, high: 1 })],
  (s, groups) => {
    const same = tf.equal(tf.expandDims(groups!, 1), tf.expandDims(groups!, 0))
    const own = tf.sum(tf.mul(s!, tf.eye(4)), 1, true)
    const cost = tf.relu(tf.add(tf.sub(s!, own), 0.2))
    return tf.sum(tf.max(tf.where(same, tf.zerosLike(cost), cost), 1))
  },
)

/** Divergence of a softmax from given rows, and cross-entropy to soft targets (METHODS 2.3, 3.4). */
const divergence = makeCase(
  'divergence',
  [float([B, B], 18), float([B, B], 19)],
  (logits, teacher) => {
    const targets = tf.softmax(teacher!)
    const log = tf.logSoftmax(logits!)
    const p = tf.exp(log)
    return tf.add(
      tf.mean(tf.sum(tf.mul(p, tf.sub(log, tf.log(tf.add(targets, 1e-8)))), 1)),
      tf.neg(tf.mean(tf.sum(tf.mul(targets, log), 1))),
    )
  },
)

/** A token pooled in memory of a queue: old rows out, new rows in (METHODS 2.2). */
const queue: Case = {
  ...makeCase(
    'ring',
    [float([6, D], 20), float([2, D], 21), int([2, 1], 22, { low: 0, high: 0 })],
    (ring, rows, at) =>
      tf.tensorScatterUpdate(ring!, tf.add(at!, tf.tensor2d([4, 5], [2, 1], 'int32')), rows!),
  ),
  gradient: false,
}

/** Counting how often each gallery item is among the k nearest (METHODS 4.6). */
const hubness: Case = {
  ...makeCase('k nearest, counted', [float([6, 5], 23)], s => {
    const { indices } = tf.topk(s!, 2)
    const hits = tf.oneHot(tf.reshape(indices, [-1]) as Tensor1D, 5, 1, 0, 'float32')
    return tf.sum(hits, 0)
  }),
  gradient: false,
}

/** Tokens dropped by a threshold on given noise, never by noise of the engine (METHODS 2.1). */
const augmentation = makeCase(
  'token dropout and local terms',
  [tokens, int([B, L], 24, { low: 0, high: 9 }), float([B, D], 25)],
  (x, noise, g) => {
    const kept = tf.expandDims(tf.cast(tf.greater(noise!, 2), 'float32'), 2)
    const local = unitRows(tf.mul(x!, kept))
    const flat = tf.reshape(local, [B * L, D]) as Tensor2D
    const scores = tf.reshape(tf.matMul(unitRows(g as Tensor2D), flat, false, true), [B, B, L])
    return tf.mean(tf.softplus(tf.neg(tf.div(scores, 0.07))))
  },
)

/** Batch norm of a router and its tanh, sigmoid and softmax (METHODS 3.18). */
const router = makeCase(
  'router',
  [float([4, D], 26), float([D], 27), float([D], 28)],
  (x, s, b) => {
    const { mean, variance } = tf.moments(x!, 0)
    const normed = tf.batchNorm(
      x as Tensor2D,
      mean as Tensor1D,
      variance as Tensor1D,
      b as Tensor1D,
      s as Tensor1D,
      1e-5,
    )
    return tf.softmax(tf.mul(tf.sigmoid(tf.tanh(normed)), 10))
  },
)

/** Linear CKA, by a trace of a product (METHODS 3.16). */
const cka = makeCase('centred kernel alignment', [float([5, 3], 29), float([5, D], 30)], (x, y) => {
  const centre = (m: Tensor): Tensor2D => tf.sub(m, tf.mean(m, 0, true)) as Tensor2D
  const [a, b] = [centre(x!), centre(y!)]
  const square = (m: Tensor): Tensor => tf.sum(tf.square(m))
  return tf.div(
    square(tf.matMul(a, b, true)),
    tf.sqrt(tf.mul(square(tf.matMul(a, a, true)), square(tf.matMul(b, b, true)))),
  )
})

t.test('blocks of the methods agree, gradients included', async t => {
  const blocks = [
    pooling,
    recurrent,
    crossAttention,
    late,
    dictionary,
    geodesic,
    multilinear,
    uniformity,
    hardest,
    divergence,
    queue,
    hubness,
    augmentation,
    router,
    cka,
  ]
  t.same(await differences(blocks), [])
})

t.test('sparsemax of the check value', async t => {
  await tf.setBackend('cpu')
  const found = (await sparsemax(tf.tensor1d([0.5, 0.2, -0.9])).array()) as number[]
  for (const [i, wanted] of [0.65, 0.35, 0].entries())
    t.ok(Math.abs(found[i]! - wanted) < 1e-6, `${found[i]} is ${wanted}`)
})
