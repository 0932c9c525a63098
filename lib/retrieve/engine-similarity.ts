import type { Tensor2D } from '../engine/tf.js'
import type { Compiled, Engine, Program } from '../engine/types.js'
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
}

/** Products in float32 by an engine, in blocks of one fixed shape; the last ones are padded. */
export const engineSimilarity = async ({
  engine,
  dim,
  queries,
  entries,
}: EngineSimilarityOptions): Promise<Similarity> => {
  const rows = blockSize(queries, MOST_QUERIES)
  const columns = blockSize(entries, MOST_ENTRIES)
  const { tf } = await import('../engine/tf.js')
  const program: Program = {
    name: 'similarity',
    inputs: {
      queries: { shape: [rows, dim], dtype: 'float32' },
      gallery: { shape: [columns, dim], dtype: 'float32' },
    },
    step: ({ inputs }) => ({
      outputs: {
        scores: tf.matMul(
          inputs['queries'] as Tensor2D,
          inputs['gallery'] as Tensor2D,
          false,
          true,
        ),
      },
    }),
  }
  const state = engine.state({})
  const compiled = await engine.compile(program, state)
  const operand = await operandRounding(compiled, rows, columns, dim)
  const memory = new ScoreMemory(rows, columns)
  const few = new Float32Array(rows * dim)
  const buffer = new Float32Array(columns * dim)
  const fine: FineBlock = async (queries, first, count, gallery, firstEntry) => {
    const block = blockOf(queries, first, count, few)
    const entries = Math.min(columns, gallery.count - firstEntry)
    const some = blockOf(gallery, firstEntry, entries, buffer)
    await compiled.run({ queries: block, gallery: some }, { scores: memory.scores })
    const found = { firstEntry, entries, stride: columns, scores: memory.scores }
    return { ...found, count: marks => memory.count(found, marks) }
  }
  const product = await engine.integerProduct?.({ rows, columns, dim })
  return {
    engine: engine.name,
    queriesPerBlock: rows,
    slack: (dim, maxNorm) => productSlack(dim, maxNorm, operand),
    async *scores(queries, first, count, gallery) {
      for (let firstEntry = 0; firstEntry < gallery.count; firstEntry += columns)
        yield await fine(queries, first, count, gallery, firstEntry)
    },
    rough: product && roughScores(product, { rows, columns, dim }, fine),
    async close() {
      compiled.dispose()
      product?.dispose()
      state.dispose()
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
const operandRounding = async (compiled: Compiled, rows: number, columns: number, dim: number) => {
  const queries = new Float32Array(rows * dim)
  const gallery = new Float32Array(columns * dim)
  for (let p = 1; p <= 23; p++) queries[p * dim] = 1 + 2 ** -p
  gallery[0] = 1
  const { scores } = await compiled.run({ queries, gallery })
  let bits = 1
  while (bits < 24 && scores![bits * columns] === queries[bits * dim]) bits++
  return bits === 24 ? 0 : 2 ** -bits
}
