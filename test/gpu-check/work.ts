import type { Dataset, ModalityData } from '../../lib/coordinate/data/dataset.js'
import { headOf } from '../../lib/coordinate/heads/index.js'
import { type Layout, layoutOf } from '../../lib/coordinate/layout.js'
import { parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { key, normal, uniform, wordKey } from '../../lib/coordinate/random.js'
import type { TrainSettings } from '../../lib/coordinate/settings.js'
import { startOf } from '../../lib/coordinate/start.js'
import type { Learned } from '../../lib/coordinate/trainer.js'

/** How much there is to do. */
export interface Size {
  items: number
  batch: number
  /** Numbers per feature vector, by modality. */
  features: Record<string, number>
  categories: number
  dim: number
  epochs: number
}

/** A training that is the same wherever and whenever it runs: the data are functions of the seed. */
export interface Work {
  data: Dataset
  rows: Int32Array
  layout: Layout
  settings: TrainSettings
  initial: Learned
}

const SEED = 7

/** Share of the rows that lack the first modality. */
const ABSENT = 0.1

/** Items seen through noisy projections of a latent vector of this length. */
const LATENT = 16

/** Modalities that share what they show, some rows absent, a category, and groups of two. */
export function workOf(loss: string, size: Size): Work {
  const { items, batch, features, categories, dim, epochs } = size
  const vectors = Object.entries(features)
  const names = [...vectors.map(([name]) => name), 'class']
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map(b => ({ a, b, weight: 1 })))
  const classes = Int32Array.from({ length: items }, (_, i) => i % categories)
  const modalities: Record<string, ModalityData> = {
    class: { type: 'codes', categories, codes: classes, present: new Uint8Array(items).fill(1) },
  }
  for (const [index, [name, width]] of vectors.entries())
    modalities[name] = vectorsOf(name, width, classes, index === 0)
  const data: Dataset = {
    rows: items,
    modalities,
    groupings: { id: classes.map((_, i) => i >> 1), class: classes },
    grouping: ({ a, b }) => (a === 'class' || b === 'class' ? 'class' : 'id'),
  }
  const settings: TrainSettings = {
    terms: [parseLoss(loss)],
    temperature: 'shared',
    scale: 1 / 0.07,
    dim,
    head: () => ({ kind: 'residual-mlp', hidden: dim, dropout: 0.125 }),
    pairs,
    frozen: new Set(),
    epochs,
    batch,
    together: 1,
    rate: 1e-3,
    decay: 0.01,
    clip: 1,
    warmup: 0.05,
    patience: 0,
    momentum: 0.995,
    queue: 8192,
    seed: SEED,
  }
  const layout = layoutOf(
    names.map(name => ({
      name,
      head: headOf(name === 'class' ? 'embedding' : 'residual-mlp'),
      size: { input: features[name] ?? categories, hidden: dim, output: dim },
      dropout: name === 'class' ? 0 : 0.125,
      frozen: false,
    })),
  )
  const rows = Int32Array.from({ length: items }, (_, i) => i)
  return { data, rows, layout, settings, initial: startOf(layout, settings, undefined) }
}

/** Feature vectors: a projection of the item's class and of the item itself, and noise. */
function vectorsOf(
  name: string,
  width: number,
  classes: Int32Array,
  incomplete: boolean,
): ModalityData {
  const items = classes.length
  const word = wordKey(name)
  const projection = draws(LATENT * width, word, 1)
  const own = draws(items * LATENT, 0, 2)
  const shared = draws(items * LATENT, 0, 3)
  const noise = draws(items * width, word, 4)
  const values = new Float32Array(items * width)
  const present = new Uint8Array(items)
  for (let i = 0; i < items; i++) {
    present[i] = incomplete && uniform(key(SEED, 5), i) < ABSENT ? 0 : 1
    if (!present[i]) continue
    for (let j = 0; j < width; j++) {
      let sum = 0.3 * noise[i * width + j]!
      for (let k = 0; k < LATENT; k++)
        sum +=
          ((own[i * LATENT + k]! + shared[classes[i]! * LATENT + k]!) *
            projection[k * width + j]!) /
          Math.sqrt(LATENT)
      values[i * width + j] = sum
    }
  }
  const offsets = Int32Array.from({ length: items + 1 }, (_, i) => i)
  return { type: 'vectors', dim: width, values, offsets, present, views: false }
}

const draws = (count: number, word: number, purpose: number): Float32Array => {
  const sequence = key(SEED, word, purpose)
  return Float32Array.from({ length: count }, (_, i) => normal(sequence, i))
}
