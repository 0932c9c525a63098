import type { Engine, Product, ProductSize } from '../engine/types.js'
import { compiledProduct } from './compiled-product.js'
import { ScoreMemory } from './count/score-memory.js'
import { roughScores, type FineBlock } from './rough/rough-scores.js'
import { productSlack } from './rounding.js'
import type { Similarity } from './similarity.js'
import type { Vectors } from './vectors.js'

/** 2048 x 512 scores are 4 MB: enough to keep every core busy, and most caches hold them. */
const MOST_QUERIES = 2048
export const MOST_ENTRIES = 512
const GRANULE = 64

export interface EngineSimilarityOptions {
  engine: Engine
  dim: number
  /** The largest numbers of queries and of gallery entries that will be asked for. */
  queries: number
  entries: number
  /** Prepares to score galleries that come in bytes, too. */
  rough?: boolean
}

/** Products in float32 by an engine, in blocks of one fixed shape; the last ones are padded. */
export const engineSimilarity = async ({
  engine,
  dim,
  queries,
  entries,
  rough = false,
}: EngineSimilarityOptions): Promise<Similarity> => {
  const rows = blockSize(queries, MOST_QUERIES)
  const columns = blockSize(entries, MOST_ENTRIES)
  const size = { rows, columns, dim }
  const product = await (engine.product?.(size) ?? compiledProduct(engine, size))
  const operand = await operandRounding(product, size)
  const memory = new ScoreMemory(rows, columns)
  const few = new Float32Array(rows * dim)
  const buffer = new Float32Array(columns * dim)
  const fine: FineBlock = async (queries, first, count, gallery, firstEntry) => {
    const block = blockOf(queries, first, count, few)
    const entries = Math.min(columns, gallery.count - firstEntry)
    const some = blockOf(gallery, firstEntry, entries, buffer)
    await product.run(block, some, memory.scores)
    const found = { firstEntry, entries, stride: columns, scores: memory.scores }
    return { ...found, count: marks => memory.count(found, marks) }
  }
  const bytes = rough ? await engine.integerProduct?.(size) : undefined
  return {
    engine: engine.name,
    queriesPerBlock: rows,
    slack: (dim, maxNorm) => productSlack(dim, maxNorm, operand),
    async *scores(queries, first, count, gallery) {
      for (let firstEntry = 0; firstEntry < gallery.count; firstEntry += columns)
        yield await fine(queries, first, count, gallery, firstEntry)
    },
    rough: bytes && roughScores(bytes, size, fine),
    async close() {
      product.dispose()
      bytes?.dispose()
    },
  }
}

const blockSize = (wanted: number, most: number): number =>
  Math.min(most, Math.ceil(Math.max(1, wanted) / GRANULE) * GRANULE)

/**
 * Some of the vectors, as many as the buffer holds: a view, or a copy in the buffer where zeros have
 * to stand behind them, or where they lie in memory shared by threads, which engines do not take.
 */
const blockOf = (
  { dim, values }: Vectors,
  first: number,
  count: number,
  buffer: Float32Array,
): Float32Array => {
  const block = values.subarray(first * dim, (first + count) * dim)
  if (block.length === buffer.length && block.buffer instanceof ArrayBuffer) return block
  buffer.set(block)
  return buffer.fill(0, block.length)
}

/**
 * How an engine rounds numbers before it multiplies them: graphics processors may take float32 for
 * TensorFloat-32 (11 bits) without a word. Asked by multiplying 1 + 2^-p by 1, for every p that
 * float32 holds.
 */
const operandRounding = async (product: Product, { rows, columns, dim }: ProductSize) => {
  const queries = new Float32Array(rows * dim)
  const gallery = new Float32Array(columns * dim)
  const scores = new Float32Array(rows * columns)
  for (let p = 1; p <= 23; p++) queries[p * dim] = 1 + 2 ** -p
  gallery[0] = 1
  await product.run(queries, gallery, scores)
  let bits = 1
  while (bits < 24 && scores[bits * columns] === queries[bits * dim]) bits++
  return bits === 24 ? 0 : 2 ** -bits
}
