import t from 'tap'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { layoutOf } from '../../lib/coordinate/layout.js'
import type { TrainSettings } from '../../lib/coordinate/settings.js'
import { startOf } from '../../lib/coordinate/start.js'
import { Trainer } from '../../lib/coordinate/trainer.js'
import { both } from '../engine/compute.js'
import { settingsOf, smallHead } from './settings.js'
import { datasetOf, rowsFrom, world } from './world.js'

/**
 * METHODS 1.6, smaller: what must hold is the order, not the digits. Linear heads of 32 dimensions,
 * three modalities that share 12 dimensions and drown them in noise.
 */

t.teardown(async () => await both().onnx.dispose())

const NAMES = ['photo', 'text', 'voice']
const SIZE = { rows: 1100, latent: 12, dim: 40, noise: 0.6 }
const TRAIN = 800
const DIM = 32

const features = world(NAMES, SIZE)

/** Test embeddings by modality, (rows x DIM). */
async function trained(own: Partial<TrainSettings>): Promise<Record<string, Float32Array>> {
  const settings = settingsOf({
    dim: DIM,
    epochs: 70,
    batch: 128,
    rate: 5e-3,
    decay: 0,
    pairs: [
      { a: 'photo', b: 'text', weight: 1 },
      { a: 'photo', b: 'voice', weight: 1 },
      { a: 'text', b: 'voice', weight: 1 },
    ],
    ...own,
  })
  const layout = layoutOf(
    NAMES.map(name => smallHead(name, 'linear', { input: SIZE.dim, output: DIM })),
  )
  const trainer = await Trainer.start(
    both().onnx,
    datasetOf(features, SIZE.dim),
    rowsFrom(0, TRAIN),
    layout,
    settings,
    startOf(layout, settings, undefined),
  )
  for (let epoch = 0; epoch < settings.epochs; epoch++) await trainer.epoch(() => true)
  const embeddings: Record<string, Float32Array> = {}
  for (const name of NAMES)
    embeddings[name] = await trainer.embedder.embed(
      name,
      features[name]!.subarray(TRAIN * SIZE.dim),
    )
  trainer.dispose()
  return embeddings
}

/** r@1 in percent, row i being the only match of row i; ties count against it. */
function firstHits(queries: Float32Array, gallery: Float32Array): number {
  const rows = queries.length / DIM
  let hits = 0
  for (let i = 0; i < rows; i++) {
    const score = (j: number): number => {
      let sum = 0
      for (let k = 0; k < DIM; k++) sum += queries[i * DIM + k]! * gallery[j * DIM + k]!
      return sum
    }
    const own = score(i)
    let best = true
    for (let j = 0; best && j < rows; j++) if (j !== i && score(j) >= own) best = false
    if (best) hits++
  }
  return (100 * hits) / rows
}

const mean = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length

/** Mean r@1 over ordered pairs, and of queries made of two modalities for the third. */
function scores(embeddings: Record<string, Float32Array>): { single: number; enriched: number } {
  const directions = NAMES.flatMap(a => NAMES.filter(b => b !== a).map(b => [a, b] as const))
  const single = directions.map(([a, b]) => firstHits(embeddings[a]!, embeddings[b]!))
  const enriched = NAMES.map(target => {
    const [a, b] = NAMES.filter(name => name !== target) as [string, string]
    // The norm of a query does not change its ranks.
    const sum = embeddings[a]!.map((x, i) => x + embeddings[b]![i]!)
    return firstHits(sum, embeddings[target]!)
  })
  return { single: mean(single), enriched: mean(enriched) }
}

t.test('the order of the losses in the toy, and what enrichment brings', async t => {
  const pcmc = scores(await trained({ terms: [parseLoss('pcmc')] }))
  const balanced = scores(await trained({ terms: [parseLoss('pcmr')] }))
  const plain = scores(await trained({ terms: [parseLoss('pcmr,form=mean')] }))
  t.comment(JSON.stringify({ pcmc, balanced, plain }))
  t.ok(pcmc.single > 15, 'far above chance, 0.33')
  t.ok(pcmc.single > 1.4 * plain.single, 'PCMC above plain regression')
  t.ok(balanced.single > 1.4 * plain.single, 'balance is what regression needs')
  for (const [name, { single, enriched }] of Object.entries({ pcmc, balanced, plain }))
    t.ok(enriched > 1.2 * single, `${name}: two modalities ask better than one`)
})
