import t from 'tap'
import type { Parameters } from '../../../lib/coordinate/heads/head.js'
import { fuse } from '../../../lib/coordinate/fusion/fuse.js'
import { drawColumns } from '../../../lib/coordinate/fusion/negatives.js'
import { fusionDropouts, fusionParameters } from '../../../lib/coordinate/fusion/size.js'
import { maskOf } from '../../../lib/coordinate/poolings/mask.js'
import { key, uniform } from '../../../lib/coordinate/random.js'
import { type Tensor1D, type Tensor2D, type Tensor3D, tf } from '../../../lib/engine/tf.js'
import { both, compute, type Given } from '../../engine/compute.js'
import { reals, sizeOf } from '../../engine/numbers.js'
import { agrees, rowsOf, total } from '../derived.js'
import { fused, type Row } from './float64-fusion.js'

t.teardown(async () => await both().onnx.dispose())

const SIZE = { input: 3, width: 4, blocks: 2, heads: 2 }
const [N, LX, LY] = [2, 3, 2]
const LENGTHS = { x: [2, 3], y: [2, 1] }
const KEEP = 1.25

const parameters: Record<string, Given> = Object.fromEntries(
  fusionParameters(SIZE).map(({ name, shape }, i) => [
    name,
    { shape, values: reals(sizeOf(shape), i, -0.8, 0.8) },
  ]),
)
const masks: Record<string, Given> = Object.fromEntries(
  fusionDropouts(SIZE).map((width, i) => [
    `mask${i}`,
    {
      shape: [N, width],
      values: reals(N * width, 50 + i, 0, 1).map(x => (x < 0.2 ? 0 : KEEP)),
    },
  ]),
)
const inputs: Record<string, Given> = {
  x: { shape: [N, LX, SIZE.input], values: reals(N * LX * SIZE.input, 90) },
  y: { shape: [N, LY, SIZE.input], values: reals(N * LY * SIZE.input, 91) },
  lengthsX: { shape: [N], values: Int32Array.from(LENGTHS.x) },
  lengthsY: { shape: [N], values: Int32Array.from(LENGTHS.y) },
  ...parameters,
  ...masks,
}

t.test('the encoder: logits and gradients equal float64 loops and finite differences', async t => {
  const logits = (tensors: Parameters): Tensor2D =>
    fuse(
      { values: tensors.x as Tensor3D, mask: maskOf(tensors.lengthsX as Tensor1D, LX) },
      { values: tensors.y as Tensor3D, mask: maskOf(tensors.lengthsY as Tensor1D, LY) },
      tensors,
      SIZE,
      Object.keys(masks).map(name => tensors[name]!),
    )
  await agrees(
    t,
    'fuse',
    inputs,
    ['x', 'y', 'start', 'token.weight', 'block0.cross.key.weight', 'block1.self.value.weight'],
    tensors => tf.sum(tf.mul(logits(tensors), tf.tensor2d([1, -0.5], [1, 2]))),
    values => {
      const tokens = (name: 'x' | 'y', length: number, i: number): Row[] =>
        rowsOf(values[name]!, SIZE.input).slice(i * length, i * length + LENGTHS[name][i]!)
      return total(
        [0, 1].map(i => {
          const own = Object.keys(masks).map(name => rowsOf(values[name]!, SIZE.width)[i]!)
          const [apart, together] = fused(tokens('x', LX, i), tokens('y', LY, i), values, SIZE, own)
          return apart! - 0.5 * together!
        }),
      )
    },
  )
})

t.test('negatives come as often as the softmax has it, and never where they may not', async t => {
  const size = 400
  const logits = [0, 1, 2, -1]
  const admissible = [1, 0, 1, 1]
  const given: Record<string, Given> = {
    logits: {
      shape: [size, 4],
      values: Float32Array.from({ length: 4 * size }, (_, i) => logits[i % 4]!),
    },
    admissible: {
      shape: [size, 4],
      values: Float32Array.from({ length: 4 * size }, (_, i) => admissible[i % 4]!),
    },
    drawn: {
      shape: [size],
      values: Float32Array.from({ length: size }, (_, i) => uniform(key(3), i)),
    },
  }
  // The ends of the range, as they are and as they are rounded.
  given.drawn!.values.set([0, 1 - 2 ** -24, 1])
  for (const opened of Object.values(both())) {
    const { columns, some } = await compute(opened, given, x => {
      const made = drawColumns(x.logits as Tensor2D, x.admissible as Tensor2D, x.drawn as Tensor1D)
      return { columns: made.columns, some: made.some }
    })
    const count = (column: number): number => [...columns!].filter(c => c === column).length
    const powers = logits.map((x, j) => admissible[j]! * Math.exp(x))
    const wanted = powers.map(x => (size * x) / total(powers))
    t.equal(count(1), 0, 'never one that may not be')
    t.equal(count(0) + count(2) + count(3), size)
    for (const j of [0, 2, 3])
      t.ok(
        Math.abs(count(j) - wanted[j]!) < 4 * Math.sqrt(wanted[j]!),
        `${j}: ${count(j)} of ${wanted[j]}`,
      )
    t.ok(some!.every(x => x === 1))
  }
})

t.test('a row without an admissible negative says so (METHODS 5, pitfall 5)', async t => {
  const given: Record<string, Given> = {
    logits: { shape: [1, 3], values: Float32Array.of(1, 2, 3) },
    admissible: { shape: [1, 3], values: new Float32Array(3) },
    drawn: { shape: [1], values: Float32Array.of(0.5) },
  }
  for (const opened of Object.values(both())) {
    const { columns, some } = await compute(opened, given, x => {
      const made = drawColumns(x.logits as Tensor2D, x.admissible as Tensor2D, x.drawn as Tensor1D)
      return { columns: made.columns, some: made.some }
    })
    t.same([...columns!, ...some!], [0, 0], opened.name)
  }
})
