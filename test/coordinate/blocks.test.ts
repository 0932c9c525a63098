import t from 'tap'
import { blocksOf } from '../../lib/coordinate/losses/blocks.js'
import { infoNce } from '../../lib/coordinate/losses/info-nce.js'
import { type PcmrForm, PCMR_FORMS, regression } from '../../lib/coordinate/losses/pcmr.js'
import type { Relation } from '../../lib/coordinate/losses/relation.js'
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../lib/engine/tf.js'
import type { Tensors } from '../../lib/engine/types.js'
import { compare } from '../engine/agree.js'
import { both, compute } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'

t.teardown(async () => await both().onnx.dispose())

t.test('blocks cover every row once, in order, and small matrices are one block', async t => {
  t.same(blocksOf(512, 512), [{ first: 0, size: 512 }])
  for (const [rows, columns] of [
    [4097, 4097],
    [8192, 8192],
    [10_000, 5000],
    [3, 2 ** 24],
  ] as const) {
    const blocks = blocksOf(rows, columns)
    t.ok(blocks.length > 1)
    let next = 0
    for (const { first, size } of blocks) {
      t.equal(first, next)
      t.ok(size > 0 && size * columns <= 2 ** 24)
      next += size
    }
    t.equal(next, rows)
  }
})

/** More rows than fit in one block, and not a multiple of one. */
const SIZE = 4100
const DIM = 2
const SCALE = 8

/** Few groups of several rows each, many of one; every seventh row lacks a side. */
const groups = Int32Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 ? i % 300 : i))
const present = Float32Array.from({ length: SIZE }, (_, i) => Number(i % 7 !== 0))

const unit = (seed: number): Float32Array => {
  const x = reals(SIZE * DIM, seed, -1, 1)
  for (let i = 0; i < x.length; i += DIM) {
    const norm = Math.hypot(...x.subarray(i, i + DIM))
    for (let k = i; k < i + DIM; k++) x[k]! /= norm
  }
  return x
}

const [u, v] = [unit(1), unit(2)]

interface Truth {
  value: number
  u: Float64Array
  v: Float64Array
}

/** All cells in which both rows take part, with their similarity and whether they are positives. */
function cells(known: boolean, visit: (i: number, j: number, s: number, match: boolean) => void) {
  for (let i = 0; i < SIZE; i++) {
    if (known && !present[i]) continue
    for (let j = 0; j < SIZE; j++) {
      if (known && !present[j]) continue
      let s = 0
      for (let k = 0; k < DIM; k++) s += u[i * DIM + k]! * v[j * DIM + k]!
      visit(i, j, s, known ? groups[i] === groups[j] : i === j)
    }
  }
}

const empty = (value: number): Truth => ({
  value,
  u: new Float64Array(SIZE * DIM),
  v: new Float64Array(SIZE * DIM),
})

/** Adds what a slope by S_ij means for u_i and v_j. */
function pull(truth: Truth, i: number, j: number, slope: number): void {
  for (let k = 0; k < DIM; k++) {
    truth.u[i * DIM + k]! += slope * v[j * DIM + k]!
    truth.v[j * DIM + k]! += slope * u[i * DIM + k]!
  }
}

/** InfoNCE and its closed gradient in float64: METHODS 0. */
function contrastive(known: boolean): Truth {
  const [rows, columns, counts] = [0, 0, 0].map(() => new Float64Array(SIZE))
  cells(known, (i, j, s, match) => {
    rows![i]! += Math.exp(SCALE * s)
    columns![j]! += Math.exp(SCALE * s)
    counts![i]! += Number(match)
  })
  const taking = rows!.filter(sum => sum > 0).length
  const truth = empty(0)
  for (let i = 0; i < SIZE; i++)
    if (rows![i]! > 0) truth.value += (Math.log(rows![i]!) + Math.log(columns![i]!)) / (2 * taking)
  cells(known, (i, j, s, match) => {
    const power = Math.exp(SCALE * s)
    const [p, q] = match ? [1 / counts![i]!, 1 / counts![j]!] : [0, 0]
    truth.value -= (SCALE * s * (p + q)) / (2 * taking)
    pull(truth, i, j, (SCALE / (2 * taking)) * (power / rows![i]! + power / columns![j]! - p - q))
  })
  return truth
}

/** PCMR and its closed gradient in float64: METHODS 1.3. */
function regressive(form: PcmrForm, known: boolean): Truth {
  let [matches, rest] = [0, 0]
  const own = new Float64Array(SIZE)
  cells(known, (i, j, s, match) => {
    if (match) matches++
    else rest++
    if (i === j) own[i] = s
  })
  const truth = empty(0)
  cells(known, (i, j, s, match) => {
    if (form === 'gap') {
      if (match) return
      const [a, b] = [1 - (own[i]! - s), 1 - (own[j]! - s)]
      truth.value += (a * a + b * b) / (2 * rest)
      pull(truth, i, j, (a + b) / rest)
      pull(truth, i, i, -a / rest)
      pull(truth, j, j, -b / rest)
      return
    }
    const error = match ? s - 1 : form === 'hinge' ? Math.max(0, s) : s
    const count = form === 'mean' ? matches + rest : match ? matches : rest
    truth.value += (error * error) / count
    pull(truth, i, j, (2 * error) / count)
  })
  return truth
}

type PairLoss = (u: Tensor2D, v: Tensor2D, relation: Relation) => Tensor

const LOSSES: Record<string, [PairLoss, (known: boolean) => Truth]> = {
  contrastive: [(u, v, relation) => infoNce(u, v, tf.scalar(SCALE), relation), contrastive],
  ...Object.fromEntries(
    PCMR_FORMS.map(form => [
      form,
      [
        (u: Tensor2D, v: Tensor2D, relation: Relation) => regression(form, u, v, relation),
        (known: boolean) => regressive(form, known),
      ],
    ]),
  ),
}

/** Whether batches are complete (another way in some losses) or have groups and holes. */
const WAYS: Record<string, boolean[]> = {
  contrastive: [false, true],
  balanced: [true],
  hinge: [false],
  gap: [true],
}

for (const [name, ways] of Object.entries(WAYS))
  for (const known of ways)
    t.test(
      `${name}, ${known ? 'groups and holes' : 'complete'}: blocks equal the whole`,
      async t => {
        const [loss, truth] = LOSSES[name]!
        const step = (inputs: Tensors): Tensors => {
          const relation = known
            ? { groups: inputs.groups as Tensor1D, present: inputs.present as Tensor1D }
            : {}
          const of = (u: Tensor, v: Tensor): Tensor => loss(u as Tensor2D, v as Tensor2D, relation)
          const { value, grads } = tf.valueAndGrads(of as never)([inputs.u!, inputs.v!])
          return { value, u: grads[0]!, v: grads[1]! }
        }
        const inputs = {
          u: { shape: [SIZE, DIM], values: u },
          v: { shape: [SIZE, DIM], values: v },
          groups: { shape: [SIZE], values: groups },
          present: { shape: [SIZE], values: present },
        }
        const found = await compute(both().onnx, inputs, step)
        const wanted = truth(known)
        t.equal(compare(found.value!, Float32Array.of(wanted.value)), undefined, 'value')
        for (const part of ['u', 'v'] as const)
          t.equal(
            compare(found[part]!, Float32Array.from(wanted[part])),
            undefined,
            `gradient by ${part}`,
          )
      },
    )
