import t from 'tap'
import { drawColumns } from '../../../lib/coordinate/fusion/negatives.js'
import { matchCandidates } from '../../../lib/coordinate/losses/itc.js'
import { mirrorMix } from '../../../lib/coordinate/losses/mixup.js'
import { maskedMatching } from '../../../lib/coordinate/losses/openshape.js'
import { fdtPooling } from '../../../lib/coordinate/poolings/fdt.js'
import { unitRows } from '../../../lib/engine/ops/unit-rows.js'
import { type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../../lib/engine/tf.js'
import type { Tensors } from '../../../lib/engine/types.js'
import { both, compute, type Given } from '../../engine/compute.js'
import { reals } from '../../engine/numbers.js'
import type { Batch } from '../batch.js'
import { derive, inputsOf } from '../term-step.js'

/** What goes wrong in losses of released code, by METHODS 5. */

t.teardown(async () => await both().onnx.dispose())

const near = (a: number, b: number, by = 1e-5): boolean => Math.abs(a - b) < by

async function valuesOf(
  given: Record<string, Given>,
  step: (tensors: Tensors) => Tensors,
): Promise<Record<string, number[]>[]> {
  const found = Object.values(both()).map(opened => compute(opened, given, step))
  return (await Promise.all(found)).map(made =>
    Object.fromEntries(Object.entries(made).map(([name, numbers]) => [name, Array.from(numbers)])),
  )
}

t.test(
  'labels are divided by the sums of their rows, not columns (METHODS 5, pitfall 1)',
  async t => {
    // All cosines are 0, so that each row costs log 5 if and only if its targets sum to 1; of the five
    // candidates four are one item, and the sums of columns are others.
    const inputs = {
      u: { shape: [2, 2], values: Float32Array.of(1, 0, 1, 0) },
      c: { shape: [5, 2], values: Float32Array.of(0, 1, 0, 1, 0, 1, 0, 1, 0, 1) },
      groups: { shape: [2], values: Float32Array.of(7, 8) },
      all: { shape: [5], values: Float32Array.of(7, 8, 7, 7, 7) },
    }
    for (const { value } of await valuesOf(inputs, x => ({
      value: matchCandidates(
        x.u as Tensor2D,
        x.groups as Tensor1D,
        tf.ones([2]),
        { units: x.c as Tensor2D, groups: x.all as Tensor1D, has: tf.ones([5]) },
        tf.scalar(10),
      ),
    })))
      t.ok(near(value![0]!, Math.log(5)), `${value}`)
  },
)

t.test(
  'a likely false negative is left out, not given a logit of 0 (METHODS 5, pitfall 2)',
  async t => {
    const size = 3
    const rows = (seed: number): Given => ({
      shape: [size, 2],
      values: reals(size * 2, seed, -1, 1),
    })
    // To the teacher row 2 fits row 0 as well as its own partner does, and nothing else fits.
    const teacher = { shape: [size, 2], values: Float32Array.of(1, 0, 0, 1, 1, 0) }
    const lossOf = async (u: Given, v: Given): Promise<number[]> => {
      const found = await valuesOf({ u, v, teacher }, x => {
        const witness = { from: x.teacher as Tensor2D, to: x.teacher as Tensor2D }
        const [p, q] = [unitRows(x.u as Tensor2D), unitRows(x.v as Tensor2D)]
        return { value: maskedMatching(p, q, tf.scalar(10), witness, 0.1, {}) }
      })
      return found.map(({ value }) => value![0]!)
    }
    const [u, v] = [rows(1), rows(2)]
    const cosine = (i: number, j: number): number => {
      const [a, b] = [u.values.slice(2 * i, 2 * i + 2), v.values.slice(2 * j, 2 * j + 2)]
      return (a[0]! * b[0]! + a[1]! * b[1]!) / Math.hypot(...a) / Math.hypot(...b)
    }
    const candidates = [
      [0, 1],
      [0, 1, 2],
      [1, 2],
    ]
    const costs = candidates.map((open, i) => {
      const sum = open.reduce((sum, j) => sum + Math.exp(10 * cosine(i, j)), 0)
      return Math.log(sum) - 10 * cosine(i, i)
    })
    const wanted = costs.reduce((a, b) => a + b) / size
    for (const found of await lossOf(u, v)) t.ok(near(found, wanted), `${found}, wanted ${wanted}`)
  },
)

t.test('padding does not win where all scores are negative (METHODS 5, pitfall 2)', async t => {
  // One token against all entries of the dictionary, with and without padding behind it.
  const dictionary = Float32Array.from({ length: 16 * 2 }, (_, i) => 50 + 10 * Math.sin(i))
  const inputs = {
    one: { shape: [1, 1, 2], values: Float32Array.of(-3, -4) },
    padded: { shape: [1, 3, 2], values: Float32Array.of(-3, -4, 0, 0, 0, 0) },
    dictionary: { shape: [16, 2], values: dictionary },
  }
  for (const { one, padded } of await valuesOf(inputs, x => ({
    one: fdtPooling.pool(x.one as Tensor3D, tf.ones([1, 1]), { dictionary: x.dictionary! }),
    padded: fdtPooling.pool(x.padded as Tensor3D, tf.tensor2d([[1, 0, 0]]), {
      dictionary: x.dictionary!,
    }),
  })))
    t.ok(
      one!.every((value, k) => near(value, padded![k]!, 1e-4)),
      `${one}, ${padded}`,
    )
})

t.test(
  'a batch of one item has no negative to draw, and says so (METHODS 5, pitfall 5)',
  async t => {
    const inputs = {
      logits: { shape: [2, 3], values: Float32Array.of(9, 1, 2, 3, 4, 5) },
      admissible: { shape: [2, 3], values: Float32Array.of(0, 0, 0, 0, 1, 0) },
      drawn: { shape: [2], values: Float32Array.of(0.5, 0.5) },
    }
    for (const { columns, some } of await valuesOf(inputs, x => {
      const made = drawColumns(x.logits as Tensor2D, x.admissible as Tensor2D, x.drawn as Tensor1D)
      return { columns: made.columns, some: made.some }
    })) {
      t.same(some, [0, 1])
      t.same(columns, [0, 1])
    }
  },
)

t.test(
  'mixing with the mirror takes a batch of any size, and drops no row (METHODS 5, pitfall 9)',
  async t => {
    // Of three rows the middle one is mixed with itself: it costs what it costs unmixed.
    const inputs = {
      three: { shape: [3, 2], values: Float32Array.of(1, 0, 0.6, 0.8, 0, 1) },
    }
    const rows = [
      [1, 0],
      [0.6, 0.8],
      [0, 1],
    ]
    const angle = Math.PI / 2
    const end = [Math.sin(0.3 * angle), Math.sin(0.7 * angle)]
    const mixed = [end, rows[1]!, end.toReversed()]
    const wanted = [mixed, rows].map((asking, way) => {
      const asked = way === 0 ? rows : mixed
      const costs = asking.map((row, i) => {
        const logits = asked.map(other => 5 * (row[0]! * other[0]! + row[1]! * other[1]!))
        const log = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0))
        return log - 0.3 * logits[i]! - 0.7 * logits[2 - i]!
      })
      return costs.reduce((a, b) => a + b) / 3
    })
    for (const { odd } of await valuesOf(inputs, x => ({
      odd: mirrorMix(
        x.three as Tensor2D,
        x.three as Tensor2D,
        tf.scalar(5),
        tf.scalar(0.3),
        'first',
        {},
      ),
    })))
      t.ok(near(odd![0]!, (wanted[0]! + wanted[1]!) / 2, 1e-4), `${odd}, wanted ${wanted}`)
  },
)

/** Rows 0 and 1 lie near each other in both modalities; photo 0 is halfway between captions 0 and 1. */
const captions = (groups: number[]): Batch => ({
  ...{ size: 4, dim: 4, modalities: ['photo', 'text'], logScale: 1 },
  pairs: [{ a: 'photo', b: 'text', weight: 1 }],
  raw: {
    photo: Float32Array.of(1, 1, 0, 0.1, 0.1, 1, 0, 0, 0, 0, 1, 0.2, 0, 0.1, 0.2, 1),
    text: Float32Array.of(1, 0.1, 0, 0, 0, 1, 0.1, 0, 0.1, 0, 1, 0.3, 0.2, 0, 0.1, 1),
  },
  groups: Int32Array.from(groups),
})

const REPELLING = [
  ...['cwcl', 'sdm', 'hinge', 'one-to-k', 'symile', 'symile,negatives=n-squared'],
  ...['cross-uniformity', 'mixup,beta=100', 'openshape', 'dbl,form=absolute', 'itc', 'ims'],
]

for (const text of REPELLING)
  t.test(
    `five captions are one item, not five negatives (METHODS 5, pitfall 10): ${text}`,
    async t => {
      /** How far a step down takes photo 0 towards caption 1. */
      const pull = async (groups: number[]): Promise<number> => {
        const batch = captions(groups)
        const inputs = inputsOf(text, batch)
        // The teacher holds caption 1 to be as far from photo 0 as can be.
        for (const [name, sign] of [
          ['photo', 1],
          ['text', -1],
        ] as const)
          inputs[`taught ${name}`] = {
            shape: [4, 4],
            values: Float32Array.from({ length: 16 }, (_, i) =>
              i % 4 === 0 ? 1 : i < 8 ? sign : 0.1,
            ),
          }
        const { photo } = await compute(both().onnx, inputs, x => derive(text, batch, x))
        return -photo![1]!
      }
      const [item, strangers] = [await pull([5, 5, 6, 7]), await pull([4, 5, 6, 7])]
      t.ok(item > strangers, `${item} as one item, ${strangers} as two`)
    },
  )

const MEANS = ['hinge', 'alignment', 'dbl', 'cwcl']

for (const text of MEANS)
  t.test(`a mean over rows, whatever the batch (METHODS 5, pitfall 12): ${text}`, async t => {
    const one = captions([0, 1, 2, 3])
    const twice = (x: Float32Array): Float32Array => Float32Array.of(...x, ...x)
    const doubled: Batch = {
      ...one,
      size: 8,
      raw: { photo: twice(one.raw.photo!), text: twice(one.raw.text!) },
      groups: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3),
    }
    const valueOf = async (batch: Batch): Promise<number> => {
      const inputs = inputsOf(text, batch)
      for (const name of ['photo', 'text']) {
        const values = reals(16, name.length, -1, 1)
        inputs[`taught ${name}`] = {
          shape: [batch.size, 4],
          values: batch.size === 8 ? twice(values) : values,
        }
      }
      return (await compute(both().onnx, inputs, x => derive(text, batch, x))).value![0]!
    }
    const [small, large] = [await valueOf(one), await valueOf(doubled)]
    // Cross-entropy over twice as many equal candidates costs log 2 more, in each direction it has.
    const more = { cwcl: Math.log(2) }[text] ?? 0
    t.ok(near(large, small + more, 1e-4), `${small}, ${large}`)
  })
