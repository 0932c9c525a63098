import type { Engine } from '../engine/types.js'
import { relate } from '../retrieve/relation.js'
import type { Similarity } from '../retrieve/similarity.js'
import { tally } from '../retrieve/tally.js'
import type { Vectors } from '../retrieve/vectors.js'
import type { Dataset, ModalityData } from './data/dataset.js'
import { copyVector, copyVectors } from './data/values.js'
import type { Embedder } from './embedder.js'
import type { Pair } from './losses/loss.js'
import { productOf } from './products.js'
import { similarityFor } from './similarity-for.js'

/** Mean r@1 in percent over the directions asked, and each direction's own. */
export interface Validation {
  mean: number
  directions: Record<string, number>
}

/** Features gathered at once: those of all validation rows may be many. */
const AT_ONCE = 4096

/**
 * Scores the heads as pcm-eval would (METHODS 4.1, 4.2): every view is a query and a gallery entry,
 * a query is right when a positive ranks first, ties count against it. Directions without a query
 * that has a positive are left out. Asked are both directions of every pair; with `together`, each
 * modality by the product of all others, which is what symile trains.
 */
export class Validator {
  private similarity: Promise<Similarity> | undefined

  constructor(
    private readonly engine: Engine,
    private readonly data: Dataset,
    private readonly rows: Int32Array,
    private readonly settings: { pairs: readonly Pair[]; dim: number; together?: boolean },
  ) {}

  async validate(embedder: Embedder): Promise<Validation | undefined> {
    const { data, rows, settings } = this
    const sides = new Map<string, Side>()
    for (const name of new Set(settings.pairs.flatMap(({ a, b }) => [a, b])))
      sides.set(name, await embedSide(name, data.modalities[name]!, rows, embedder))
    const count = Math.max(...[...sides.values()].map(s => s.vectors.count))
    this.similarity ??= similarityFor(this.engine, { count, dim: settings.dim })
    const similarity = await this.similarity
    const directions: Record<string, number> = {}
    for (const { from, to, pair } of this.asked([...sides.keys()])) {
      const groups = data.groupings[data.grouping(pair)]!
      const asking = from.map(name => sides.get(name)!)
      const queries = asking.length === 1 ? asking[0]! : productOf(asking, rows)
      const share = await firstHits(queries, sides.get(to)!, groups, similarity)
      if (share !== undefined) directions[`${from.join('*')}>${to}`] = share
    }
    const shares = Object.values(directions)
    if (shares.length === 0) return undefined
    return { mean: shares.reduce((a, b) => a + b) / shares.length, directions }
  }

  /** What is asked by what, and the pair that says what its positives are. */
  private asked(names: readonly string[]): { from: string[]; to: string; pair: Pair }[] {
    const { pairs, together } = this.settings
    if (together)
      return names.map(to => ({
        ...{ from: names.filter(name => name !== to), to },
        pair: pairs.find(({ a, b }) => a === to || b === to)!,
      }))
    return pairs.flatMap(pair => [
      { from: [pair.a], to: pair.b, pair },
      { from: [pair.b], to: pair.a, pair },
    ])
  }

  async close(): Promise<void> {
    await (await this.similarity)?.close()
  }
}

/** The embeddings that some rows have of one modality. */
export interface Side {
  vectors: Vectors
  /** The row each vector belongs to. */
  rows: Int32Array
}

/** Embeds everything that the rows have of one modality. */
export async function embedSide(
  name: string,
  modality: ModalityData,
  rows: Int32Array,
  embedder: Embedder,
): Promise<Side> {
  const owners: number[] = []
  const picked: number[] = []
  for (const r of rows) {
    if (!modality.present[r]) continue
    const [from, to] =
      modality.type === 'codes' ? [r, r + 1] : [modality.offsets[r]!, modality.offsets[r + 1]!]
    for (let v = from; v < to; v++) {
      owners.push(r)
      picked.push(v)
    }
  }
  const count = picked.length
  let values = new Float32Array(0)
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = await embedPicked(name, modality, picked.slice(done, done + AT_ONCE), embedder)
    if (done === 0) values = new Float32Array((some.length / Math.min(count, AT_ONCE)) * count)
    values.set(some, (done * values.length) / count)
  }
  const dim = count === 0 ? 0 : values.length / count
  return { vectors: { count, dim, values }, rows: Int32Array.from(owners) }
}

async function embedPicked(
  name: string,
  modality: ModalityData,
  picked: readonly number[],
  embedder: Embedder,
): Promise<Float32Array> {
  if (modality.type === 'codes' || !modality.tokenOffsets)
    return await embedder.embed(name, gather(modality, picked))
  const { dim, values, tokenOffsets } = modality
  const lengths = picked.map(v => tokenOffsets[v + 1]! - tokenOffsets[v]!)
  const offsets = Int32Array.of(0, ...lengths)
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!
  const out = new Float32Array(offsets.at(-1)! * dim)
  picked.forEach((v, i) =>
    copyVectors(values, dim, tokenOffsets[v]!, lengths[i]!, out, offsets[i]! * dim),
  )
  return await embedder.embedTokens(name, out, offsets)
}

function gather(modality: ModalityData, picked: readonly number[]): Float32Array | Int32Array {
  if (modality.type === 'codes') return Int32Array.from(picked, r => modality.codes[r]!)
  const { dim, values } = modality
  const out = new Float32Array(picked.length * dim)
  picked.forEach((v, i) => copyVector(values, dim, v, out, i * dim))
  return out
}

/** Share of queries, in percent, of which a positive ranks first and alone. */
async function firstHits(
  from: Side,
  to: Side,
  groups: Int32Array,
  similarity: Similarity,
): Promise<number | undefined> {
  if (from.vectors.count === 0 || to.vectors.count === 0) return undefined
  const keysOf = (side: Side): Int32Array => side.rows.map(r => groups[r]!)
  const relevant = relate(keysOf(from), keysOf(to))
  let queries = 0
  let hits = 0
  for await (const { greater, equal } of tally({
    queries: from.vectors,
    gallery: to.vectors,
    relevant,
    similarity,
  })) {
    if (greater.length === 0) continue
    queries++
    if (greater[0] === 0 && equal[0] === 0) hits++
  }
  return queries === 0 ? undefined : (100 * hits) / queries
}
