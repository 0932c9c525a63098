import t from 'tap'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { layoutOf } from '../../lib/coordinate/layout.js'
import { bits, key } from '../../lib/coordinate/random.js'
import { startOf } from '../../lib/coordinate/start.js'
import { Trainer } from '../../lib/coordinate/trainer.js'
import { both } from '../engine/compute.js'
import { settingsOf, smallHead } from './settings.js'
import { datasetOf, rowsFrom } from './world.js'

/**
 * The limit of pairwise losses (METHODS 3.3): every bit of the third modality is the exclusive or of
 * the bits of the other two, so any two of the three are independent and only all three tell.
 */

t.teardown(async () => await both().onnx.dispose())

const NAMES = ['a', 'b', 'c']
const PAIRS = [
  { a: 'a', b: 'b', weight: 1 },
  { a: 'a', b: 'c', weight: 1 },
  { a: 'b', b: 'c', weight: 1 },
]
const BITS = 12
const DIM = 16
const TRAIN = 1000
const TEST = 200

const draw = (seed: number): Int32Array =>
  Int32Array.from({ length: (TRAIN + TEST) * BITS }, (_, i) => bits(key(seed), i) & 1)
const [a, b] = [draw(1), draw(2)]
const signs = (of: Int32Array): Float32Array => Float32Array.from(of, bit => 1 - 2 * bit)
const features: Record<string, Float32Array> = {
  a: signs(a),
  b: signs(b),
  c: signs(a.map((bit, i) => bit ^ b[i]!)),
}

/** How the other two modalities are made one query. */
const QUERIES = {
  sum: (x: number, y: number): number => x + y,
  product: (x: number, y: number): number => x * y,
}

/** r@1 in percent of the third modality by either query of the other two. */
async function found(loss: string): Promise<Record<keyof typeof QUERIES, number>> {
  const settings = settingsOf({
    terms: [parseLoss(loss)],
    pairs: PAIRS,
    dim: DIM,
    epochs: 50,
    batch: 100,
    rate: 1e-2,
    decay: 0,
  })
  const layout = layoutOf(
    NAMES.map(name => smallHead(name, 'linear', { input: BITS, output: DIM })),
  )
  const data = datasetOf(features, BITS)
  const initial = startOf(layout, settings, undefined)
  const rows = rowsFrom(0, TRAIN)
  const trainer = await Trainer.start(both().onnx, data, rows, layout, settings, initial)
  for (let epoch = 0; epoch < settings.epochs; epoch++) await trainer.epoch(() => true)
  const test = async (name: string): Promise<Float32Array> =>
    await trainer.embedder.embed(name, features[name]!.subarray(TRAIN * BITS))
  const [x, y, z] = [await test('a'), await test('b'), await test('c')]
  trainer.dispose()
  const recall = (query: (x: number, y: number) => number): number => {
    const score = (i: number, j: number): number => {
      let sum = 0
      for (let k = 0; k < DIM; k++) sum += query(x[i * DIM + k]!, y[i * DIM + k]!) * z[j * DIM + k]!
      return sum
    }
    const all = [...Array(TEST).keys()]
    const hits = all.filter(i => {
      const own = score(i, i)
      return all.every(j => j === i || score(i, j) < own)
    })
    return (100 * hits.length) / TEST
  }
  return { sum: recall(QUERIES.sum), product: recall(QUERIES.product) }
}

/** All that compare two modalities at a time and need no other model. */
const PAIRWISE = ['pcmc', 'pcmr', 'cwcl', 'sdm', 'hinge', 'one-to-k', 'itc']

t.test('what only three modalities tell together, no loss over pairs learns', async t => {
  for (const loss of PAIRWISE)
    for (const [query, recall] of Object.entries(await found(loss)))
      t.ok(recall < 5, `${loss}, ${query}: ${recall}, chance ${100 / TEST}`)
})

t.test('symile does, asked by the product', async t => {
  const { sum, product } = await found('symile')
  t.ok(product > 50, `${product}`)
  t.ok(sum < 5, `the sum asks another question: ${sum}`)
})
