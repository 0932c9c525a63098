import t from 'tap'
import { fusionParameters } from '../../../lib/coordinate/fusion/size.js'
import { TERMS } from '../../../lib/coordinate/losses/index.js'
import type { Scene } from '../../../lib/coordinate/losses/loss.js'
import { maskOf } from '../../../lib/coordinate/poolings/mask.js'
import { unitRows } from '../../../lib/engine/ops/unit-rows.js'
import type { Tensor1D, Tensor2D, Tensor3D } from '../../../lib/engine/tf.js'
import { tf } from '../../../lib/engine/tf.js'
import type { Tensors } from '../../../lib/engine/types.js'
import { both, type Given } from '../../engine/compute.js'
import { reals, sizeOf } from '../../engine/numbers.js'
import { agrees, dot, rowsOf, softmaxOf, total, unitOf, type Values } from '../derived.js'
import { fused } from '../fusion/float64-fusion.js'

/**
 * Terms as a whole: which side of a scene each of them looks at, where heads, momentum heads and the
 * queue all say something else (METHODS 2.2 to 2.5).
 */

t.teardown(async () => await both().onnx.dispose())

const [B, K, L, D] = [4, 2, 3, 4]
const NAMES = ['photo', 'text'] as const
type Name = (typeof NAMES)[number]
const PAIR = { a: 'photo', b: 'text', weight: 1 }
/** Items 0 and 2 are one; the queue holds item 8 once more, and another. */
const GROUPS = [7, 8, 7, 9, 8, 5]
const LENGTHS: Record<Name, number[]> = { photo: [2, 3, 1, 3], text: [1, 2, 3, 2] }

const values = (shape: number[], seed: number): Given => ({
  shape,
  values: reals(sizeOf(shape), seed),
})

const inputs: Record<string, Given> = {
  ...Object.fromEntries(
    NAMES.flatMap((name, i) => [
      [`heads ${name}`, values([B, D], 1 + i)],
      [`momentum ${name}`, values([B + K, D], 3 + i)],
      [`tokens ${name}`, values([B, L, D], 5 + i)],
      [`still ${name}`, values([B, L, D], 7 + i)],
    ]),
  ),
  groups: { shape: [B + K], values: Float32Array.from(GROUPS) },
  scale: { shape: [], values: Float32Array.of(3) },
}

const sceneOf = (x: Tensors, draws: Tensors = {}, parameters?: Tensors): Scene => {
  const tokens = (kind: string) => (name: string) => ({
    values: unitRows(x[`${kind} ${name}`] as Tensor3D),
    mask: maskOf(tf.tensor1d(LENGTHS[name as Name], 'int32'), L),
  })
  const each = <T>(make: (name: Name) => T): Record<string, T> =>
    Object.fromEntries(NAMES.map(name => [name, make(name)]))
  const momentum = each(name => unitRows(x[`momentum ${name}`] as Tensor2D))
  const groups = x.groups as Tensor1D
  return {
    units: each(name => unitRows(x[`heads ${name}`] as Tensor2D)),
    ...{ pairs: [PAIR], draws, present: () => undefined, scale: () => x.scale! },
    relation: () => ({ groups: tf.cast(tf.slice(groups, [0], [B]), 'int32') as Tensor1D }),
    tokens: tokens('tokens'),
    grouping: () => 'id',
    memory: {
      units: each(name => tf.slice(momentum[name]!, [0, 0], [B, D])),
      tokens: tokens('still'),
      candidates: name => ({ units: momentum[name]!, has: tf.ones([B + K]) }),
      groups: () => groups,
    },
    ...(parameters && { parameters: () => parameters }),
  }
}

const units = (x: Values, name: string): number[][] => rowsOf(x[name]!, D).map(unitOf)
const tokensIn = (x: Values, kind: string, name: Name, item: number): number[][] =>
  units(x, `${kind} ${name}`).slice(item * L, item * L + LENGTHS[name][item]!)

const logSum = (logits: number[]): number => Math.log(total(logits.map(Math.exp)))
const mean = (numbers: number[]): number => total(numbers) / numbers.length
const items = [...Array(B).keys()]
const heads = NAMES.map(name => `heads ${name}`)

/** Cross-entropy of rows that ask among candidates, by the targets of each. */
const asked = (
  s: number,
  asking: number[][],
  candidates: number[][],
  target: (i: number, j: number) => number,
): number =>
  mean(
    asking.map((u, i) => {
      const logits = candidates.map(c => s * dot(u, c))
      return total(logits.map((logit, j) => target(i, j) * (logSum(logits) - logit)))
    }),
  )

const hard = (i: number, j: number): number =>
  GROUPS[i] === GROUPS[j] ? 1 / GROUPS.filter(group => group === GROUPS[i]).length : 0

t.test('itc: heads ask momentum heads of the other modality and their queue', async t => {
  const share = 0.4
  await agrees(
    t,
    'itc',
    inputs,
    [...heads, 'scale'],
    x => TERMS.itc!.loss({ alpha: share })(sceneOf(x, { share: tf.scalar(share) })),
    x => {
      const way = (from: Name, to: Name): number => {
        const all = units(x, `momentum ${to}`)
        // Targets hold still: the temperature in them is that of the start.
        const soft = units(x, `momentum ${from}`).map(u => softmaxOf(all.map(c => 3 * dot(u, c))))
        return asked(
          x.scale![0]!,
          units(x, `heads ${from}`),
          all,
          (i, j) => share * soft[i]![j]! + (1 - share) * hard(i, j),
        )
      }
      return (way('photo', 'text') + way('text', 'photo')) / 2
    },
  )
})

t.test('itc: the share of the soft targets rises over the first epoch, and stays', t => {
  const shapes = { batch: B, modalities: [...NAMES], pairs: [] }
  const { share } = TERMS.itc!.draws!({ alpha: 0.4 }, shapes)
  const at = (passed: number): number =>
    share!.fill({ key: 1, epoch: Math.floor(passed), passed })[0]!
  t.same(
    [0, 0.25, 1, 7.5].map(passed => at(passed)),
    [0, 0.1, 0.4, 0.4].map(Math.fround),
  )
  t.end()
})

t.test('ims: heads ask momentum heads of the same modality and their queue', async t => {
  await agrees(
    t,
    'ims',
    inputs,
    [...heads, 'scale'],
    x => TERMS.ims!.loss({ noise: 1, features: 0, tokens: 0 })(sceneOf(x)),
    x =>
      mean(
        NAMES.map(name =>
          asked(x.scale![0]!, units(x, `heads ${name}`), units(x, `momentum ${name}`), hard),
        ),
      ),
  )
})

t.test('lmim: heads ask the tokens of the momentum heads', async t => {
  await agrees(
    t,
    'lmim',
    inputs,
    [...heads, 'scale'],
    x => TERMS.lmim!.loss({ form: 'nce' })(sceneOf(x)),
    x => {
      const s = x.scale![0]!
      const one = (name: Name): number =>
        mean(
          units(x, `heads ${name}`).map((g, i) => {
            const others = items
              .filter(j => GROUPS[j] !== GROUPS[i])
              .flatMap(j => tokensIn(x, 'still', name, j).map(token => s * dot(g, token)))
            return mean(
              tokensIn(x, 'still', name, i).map(token => {
                const own = s * dot(g, token)
                return logSum([own, ...others]) - own
              }),
            )
          }),
        )
      return mean(NAMES.map(one))
    },
  )
})

const SIZE = { width: 4, blocks: 1, heads: 2 }
const DRAWN = { first: [0.2, 0.7, 0.9, 0.4], second: [0.6, 0.1, 0.5, 0.8] }

t.test('itm: true pairs, and for both sides a partner as the softmax has it', async t => {
  const size = { input: D, ...SIZE }
  const own = Object.fromEntries(
    fusionParameters(size).map(({ name, shape }, i) => [
      name,
      { shape, values: reals(sizeOf(shape), 30 + i, -0.8, 0.8) },
    ]),
  )
  await agrees(
    t,
    'itm',
    { ...inputs, ...own },
    ['tokens photo', 'tokens text', 'token.weight', 'match.weight', 'block0.cross.key.weight'],
    x => {
      const draws = Object.fromEntries(
        Object.entries(DRAWN).map(([side, numbers]) => [
          `${side}/photo+text`,
          tf.tensor1d(numbers),
        ]),
      )
      const parameters = Object.fromEntries(Object.keys(own).map(name => [name, x[name]!]))
      return TERMS.itm!.loss({ ...SIZE, dropout: 0 })(sceneOf(x, draws, parameters))
    },
    x => {
      /** Which item of the other modality is drawn for one, none of its own. */
      const drawn = (from: Name, to: Name, numbers: number[]): number[] =>
        units(x, `heads ${from}`).map((u, i) => {
          const weights = units(x, `heads ${to}`).map((v, j) =>
            GROUPS[i] === GROUPS[j] ? 0 : Math.exp(x.scale![0]! * dot(u, v)),
          )
          let rest = numbers[i]! * total(weights)
          return weights.findIndex(weight => (rest -= weight) < 0)
        })
      const [texts, photos] = [
        drawn('photo', 'text', DRAWN.first),
        drawn('text', 'photo', DRAWN.second),
      ]
      const cost = (photo: number, text: number, together: boolean): number => {
        const [asking, entry] = [
          tokensIn(x, 'tokens', 'text', text),
          tokensIn(x, 'tokens', 'photo', photo),
        ]
        const logits = fused(asking, entry, x, size)
        return logSum(logits) - logits[Number(together)]!
      }
      return mean(
        items.flatMap(i => [
          cost(i, i, true),
          cost(i, texts[i]!, false),
          cost(photos[i]!, i, false),
        ]),
      )
    },
  )
})
