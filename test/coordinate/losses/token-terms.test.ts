import t from 'tap'
import { lateInteraction } from '../../../lib/coordinate/losses/filip.js'
import { TERMS } from '../../../lib/coordinate/losses/index.js'
import { matchCandidates } from '../../../lib/coordinate/losses/itc.js'
import { localInformation } from '../../../lib/coordinate/losses/lmim.js'
import type { Scene } from '../../../lib/coordinate/losses/loss.js'
import { carried } from '../../../lib/coordinate/losses/transport.js'
import { maskOf } from '../../../lib/coordinate/poolings/mask.js'
import { unitRows } from '../../../lib/engine/ops/unit-rows.js'
import {
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tf,
} from '../../../lib/engine/tf.js'
import type { Tensors } from '../../../lib/engine/types.js'
import { both, compute } from '../../engine/compute.js'
import { reals } from '../../engine/numbers.js'
import { agrees, dot, rowsOf, softmaxOf, total, unitOf, type Values } from '../derived.js'

t.teardown(async () => await both().onnx.dispose())

const [B, K, L, D] = [4, 3, 3, 3]
/** Items 0 and 2 are one; the queue holds item 1 and two others, of which the last is no row at all. */
const GROUPS = [7, 8, 7, 9]
const QUEUE = [8, 5, 9]
const HAS = [1, 1, 0]
const LENGTHS = [2, 3, 1, 3]

const inputs = {
  u: { shape: [B, D], values: reals(B * D, 1) },
  teacher: { shape: [B, D], values: reals(B * D, 2) },
  candidates: { shape: [B + K, D], values: reals((B + K) * D, 3) },
  x: { shape: [B, L, D], values: reals(B * L * D, 4) },
  y: { shape: [B, L, D], values: reals(B * L * D, 5) },
  there: { shape: [B], values: Float32Array.of(1, 1, 1, 0) },
  groups: { shape: [B], values: Float32Array.from(GROUPS) },
  all: { shape: [B + K], values: Float32Array.of(...GROUPS, ...QUEUE) },
  has: { shape: [B + K], values: Float32Array.of(1, 1, 1, 1, ...HAS) },
  lengths: { shape: [B], values: Int32Array.from(LENGTHS) },
  scale: { shape: [], values: Float32Array.of(4) },
}

const units = (values: ArrayLike<number>): number[][] => rowsOf(values, D).map(unitOf)

for (const share of [undefined, 0.4])
  t.test(
    `a queue: ${share === undefined ? 'hard' : 'soft'} targets, as shares of their row (METHODS 5, pitfall 1)`,
    async t => {
      const value = (x: Tensors): Tensor =>
        matchCandidates(
          unitRows(x.u as Tensor2D),
          x.groups as Tensor1D,
          x.there as Tensor1D,
          {
            units: unitRows(x.candidates as Tensor2D),
            groups: x.all as Tensor1D,
            has: x.has as Tensor1D,
          },
          x.scale!,
          share === undefined
            ? undefined
            : { teacher: unitRows(x.teacher as Tensor2D), share: tf.scalar(share) },
        )
      // Targets hold still: the temperature in them is that of the start.
      const truth = (x: Values): number => {
        const [u, teacher, c] = [units(x.u!), units(x.teacher!), units(x.candidates!)]
        const columns = [...c.keys()].filter(j => x.has![j] === 1)
        const rows = [...u.keys()].filter(i => x.there![i] === 1)
        const each = rows.map(i => {
          const logits = columns.map(j => x.scale![0]! * dot(u[i]!, c[j]!))
          const soft = softmaxOf(columns.map(j => 4 * dot(teacher[i]!, c[j]!)))
          const same = columns.map(j => Number(x.all![j] === GROUPS[i]))
          const targets = same.map(
            (y, k) => (1 - (share ?? 0)) * (y / total(same)) + (share ?? 0) * soft[k]!,
          )
          const log = Math.log(total(logits.map(Math.exp)))
          return total(targets.map((p, k) => p * (log - logits[k]!)))
        })
        return total(each) / rows.length
      }
      await agrees(t, 'candidates', inputs, ['u', 'scale'], value, truth)
    },
  )

t.test(
  'slots without a row are no negatives: an empty queue changes nothing (METHODS 5, pitfall 4)',
  async t => {
    const empty = {
      ...inputs,
      has: { shape: [B + K], values: Float32Array.of(1, 1, 1, 1, 0, 0, 0) },
    }
    for (const opened of Object.values(both())) {
      const { queue, alone } = await compute(opened, empty, x => {
        const u = unitRows(x.u as Tensor2D)
        const c = unitRows(x.candidates as Tensor2D)
        const of = (count: number): Tensor =>
          matchCandidates(
            u,
            x.groups as Tensor1D,
            x.there as Tensor1D,
            {
              units: tf.slice(c, [0, 0], [count, D]),
              groups: tf.slice(x.all as Tensor1D, [0], [count]),
              has: tf.slice(x.has as Tensor1D, [0], [count]),
            },
            x.scale!,
          )
        return { queue: of(B + K), alone: of(B) }
      })
      t.ok(Math.abs(queue![0]! - alone![0]!) < 1e-6, opened.name)
    }
  },
)

for (const form of ['nce', 'jsd'] as const)
  t.test(`local information, ${form}`, async t => {
    const value = (x: Tensors): Tensor =>
      localInformation(
        unitRows(x.u as Tensor2D),
        { values: unitRows(x.x as Tensor3D), mask: maskOf(x.lengths as Tensor1D, L) },
        x.scale!,
        x.groups as Tensor1D,
        x.there as Tensor1D,
        form,
      )
    const truth = (x: Values): number => {
      const [g, l] = [units(x.u!), units(x.x!)]
      const s = x.scale![0]!
      const rows = [0, 1, 2]
      const tokens = (i: number): number[][] => l.slice(i * L, i * L + LENGTHS[i]!)
      const softplus = (z: number): number => Math.log1p(Math.exp(z))
      const mean = (numbers: number[]): number => total(numbers) / Math.max(1, numbers.length)
      const each = rows.map(i => {
        const positives = tokens(i).map(k => s * dot(g[i]!, k))
        const negatives = rows
          .filter(j => GROUPS[j] !== GROUPS[i])
          .flatMap(j => tokens(j).map(k => s * dot(g[i]!, k)))
        if (form === 'jsd')
          return mean(positives.map(p => softplus(-p))) + mean(negatives.map(softplus))
        const rest = total(negatives.map(Math.exp))
        return mean(positives.map(p => -Math.log(Math.exp(p) / (Math.exp(p) + rest))))
      })
      return mean(each)
    }
    await agrees(t, form, inputs, ['u', 'x', 'scale'], value, truth)
  })

/** s(X, T) of METHODS 3.9 for items given as lists of unit tokens. */
const late = (x: number[][], y: number[][]): number =>
  total(x.map(k => Math.max(...y.map(r => dot(k, r))))) / x.length

t.test('late interaction: the check values, and both directions as a loss', async t => {
  const image = { shape: [2, 2, 2], values: Float32Array.of(1, 0, 1, 1, 0, 1, 9, 9) }
  const text = {
    shape: [2, 3, 2],
    values: Float32Array.of(1, 0.5, 9, 9, 9, 9, 0, 1, 1, -1, 0.2, 1),
  }
  for (const opened of Object.values(both())) {
    const found = await compute(opened, { image, text }, x => {
      const [a, b] = [
        { values: unitRows(x.image as Tensor3D), mask: tf.tensor2d([1, 1, 1, 0], [2, 2]) },
        { values: unitRows(x.text as Tensor3D), mask: tf.tensor2d([1, 0, 0, 1, 1, 1], [2, 3]) },
      ]
      return { forth: lateInteraction(a, b), back: lateInteraction(b, a) }
    })
    const close = (numbers: ArrayLike<number>, wanted: number[]): boolean =>
      wanted.every((x, i) => Math.abs(numbers[i]! - x) < 1e-5)
    t.ok(close(found.forth!, [0.921555, 0.769579, 0.447214, 1]), `${opened.name}: i2t`)
    // METHODS writes t2i with the images as rows.
    t.ok(close(found.back!, [0.948683, 0.447214, 0.748755, 0.424491]), `${opened.name}: t2i`)
  }
  const pair = { a: 'photo', b: 'text', weight: 1 }
  const value = (x: Tensors): Tensor => {
    const mask = maskOf(x.lengths as Tensor1D, L)
    const tokens: Record<string, Tensor3D> = { photo: x.x as Tensor3D, text: x.y as Tensor3D }
    const scene: Scene = {
      ...{ units: { photo: x.u as Tensor2D, text: x.u as Tensor2D }, pairs: [pair], draws: {} },
      relation: () => ({ present: x.there as Tensor1D, groups: x.groups as Tensor1D }),
      present: () => undefined,
      scale: () => x.scale!,
      tokens: name => ({ values: unitRows(tokens[name]!), mask }),
    }
    return TERMS.filip!.loss({})(scene)
  }
  const truth = (x: Values): number => {
    const items = (values: ArrayLike<number>): number[][][] =>
      LENGTHS.map((n, i) => units(values).slice(i * L, i * L + n))
    const [a, b] = [items(x.x!), items(x.y!)]
    const rows = [0, 1, 2]
    const way = (p: number[][][], q: number[][][]): number =>
      total(
        rows.map(i => {
          const logits = rows.map(j => x.scale![0]! * late(p[i]!, q[j]!))
          const log = Math.log(total(logits.map(Math.exp)))
          const matches = rows.filter(j => GROUPS[j] === GROUPS[i])
          return total(matches.map(j => log - logits[j]!)) / matches.length
        }),
      ) / rows.length
    return (way(a, b) + way(b, a)) / 2
  }
  await agrees(t, 'filip', inputs, ['x', 'y', 'scale'], value, truth)
})

t.test('transport: by hand where a token has one place to go to, and where it has two', async t => {
  // The second item has two tokens on the right, at 0 and at 1 from its own, and one of padding.
  const left = { shape: [2, 1, 2], values: Float32Array.of(1, 0, 0, 1) }
  const right = {
    shape: [2, 3, 2],
    values: Float32Array.of(0.6, 0.8, 9, 9, 9, 9, 0, 1, 1, 0, 9, 9),
  }
  const near = Math.exp(2) / (Math.exp(2) + 1)
  for (const opened of Object.values(both())) {
    const { forth, back } = await compute(opened, { left, right }, x => {
      const [a, b] = [
        { values: unitRows(x.left as Tensor3D), mask: tf.ones([2, 1]) as Tensor2D },
        { values: unitRows(x.right as Tensor3D), mask: tf.tensor2d([1, 0, 0, 1, 1, 0], [2, 3]) },
      ]
      return { forth: carried(a, b, 0.5), back: carried(b, a, 0.5) }
    })
    for (const [found, wanted] of [
      [forth!, [0.4, 1 - near]],
      [back!, [0.4, 0.5]],
    ] as const)
      t.ok(
        wanted.every((cost, i) => Math.abs(found[i]! - cost) < 1e-6),
        `${opened.name}: ${Array.from(found).join()}`,
      )
  }
})

t.test('transport: value and gradients equal float64 loops and finite differences', async t => {
  const pair = { a: 'photo', b: 'text', weight: 1 }
  const value = (x: Tensors): Tensor => {
    const mask = maskOf(x.lengths as Tensor1D, L)
    const tokens: Record<string, Tensor3D> = { photo: x.x as Tensor3D, text: x.y as Tensor3D }
    const scene: Scene = {
      ...{ units: { photo: x.u as Tensor2D, text: x.u as Tensor2D }, pairs: [pair], draws: {} },
      relation: () => ({ present: x.there as Tensor1D }),
      present: () => undefined,
      scale: () => x.scale!,
      tokens: name => ({ values: unitRows(tokens[name]!), mask }),
    }
    return TERMS.transport!.loss({ temperature: 0.2 })(scene)
  }
  const way = (x: number[][], y: number[][]): number =>
    total(
      x.map(k => {
        const shares = softmaxOf(y.map(r => dot(k, r) / 0.2))
        return total(y.map((r, i) => shares[i]! * (1 - dot(k, r))))
      }),
    ) / x.length
  const truth = (x: Values): number => {
    const items = (values: ArrayLike<number>): number[][][] =>
      LENGTHS.map((n, i) => units(values).slice(i * L, i * L + n))
    const [a, b] = [items(x.x!), items(x.y!)]
    const rows = [0, 1, 2]
    return total(rows.map(i => (way(a[i]!, b[i]!) + way(b[i]!, a[i]!)) / 2)) / rows.length
  }
  await agrees(t, 'transport', inputs, ['x', 'y'], value, truth)
})
