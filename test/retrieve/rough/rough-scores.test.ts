import t, { type Test } from 'tap'
import { openEngine } from '../../../lib/engine/open.js'
import type { IntegerProduct } from '../../../lib/engine/types.js'
import { engineSimilarity } from '../../../lib/retrieve/engine-similarity.js'
import { relate } from '../../../lib/retrieve/relation.js'
import { codeGallery } from '../../../lib/retrieve/rough/codes.js'
import type { Similarity } from '../../../lib/retrieve/similarity.js'
import type { Vectors } from '../../../lib/retrieve/vectors.js'
import { collectTallies, doubleLoop } from '../double-loop.js'
import { unit, vectors } from '../vectors.js'

const DIM = 40
const QUERIES = 150
const ENTRIES = 700

let state = 3
const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
const apart = () => unit(Array.from({ length: DIM }, draw))
const base = apart()
/** Vectors whose scores differ by less than bytes can tell. */
const near = () => unit(base.map(x => x + 1e-4 * draw()))
const few = Array.from({ length: 30 }, apart)
const again = () => few[Math.floor((draw() + 0.5) * few.length)]!

const many = (count: number, one: () => number[]): Vectors =>
  vectors(Array.from({ length: count }, one))
const keys = (count: number, among: number) =>
  Int32Array.from({ length: count }, () => Math.floor((draw() + 0.5) * among))

/** Vectors made alike, with so many positives a query. */
const worldOf = (one: () => number[], positives: number) => ({
  queries: many(QUERIES, one),
  gallery: many(ENTRIES, one),
  queryKeys: keys(QUERIES, ENTRIES / positives),
  entryKeys: keys(ENTRIES, ENTRIES / positives),
})

/** Query i is entry i, and noise. */
const recognisable = () => {
  const { gallery } = worldOf(apart, 1)
  const { values } = gallery
  const noisy = (q: number) =>
    unit([...values.subarray(q * DIM, (q + 1) * DIM)].map(x => x + draw() / 10))
  const own = Int32Array.from({ length: ENTRIES }, (_, i) => i)
  const queries = vectors(Array.from({ length: QUERIES }, (_, q) => noisy(q)))
  return { queries, gallery, queryKeys: own.subarray(0, QUERIES), entryKeys: own }
}

/** How many blocks were scored roughly, and how many of them again. */
const counted = (similarity: Similarity) => {
  const seen = { rough: 0, again: 0 }
  const rough = similarity.rough!
  const scores: typeof rough.scores = async function* (...given) {
    for await (const block of rough.scores(...given)) {
      const { finer } = block
      if (finer) seen.rough++
      yield finer
        ? {
            ...block,
            finer() {
              seen.again++
              return finer()
            },
          }
        : block
    }
  }
  return { seen, similarity: { ...similarity, rough: { ...rough, scores } } }
}

const agrees = async (t: Test, world: ReturnType<typeof worldOf>) => {
  const engine = await openEngine({ device: 'cpu', threads: 1 })
  const sizes = { dim: DIM, queries: 64, entries: 64 }
  const made = await engineSimilarity({ engine, ...sizes, rough: true })
  if (!made.rough) {
    t.pass('this processor has no exact products of bytes')
    return undefined
  }
  const { seen, similarity } = counted(made)
  const { queries, gallery, queryKeys, entryKeys } = world
  const relevant = relate(queryKeys, entryKeys)
  const codes = codeGallery(gallery, made.rough.columns)
  const got = await collectTallies({ queries, gallery, relevant, similarity, codes })
  const isRight = (q: number, e: number) => queryKeys[q] === entryKeys[e]
  t.same(
    got,
    doubleLoop(queries, gallery, isRight, () => false),
  )
  await engine.dispose()
  return seen
}

t.test('ranks are exact where bytes decide nearly all of them', async t => {
  const seen = await agrees(t, recognisable())
  if (seen) t.ok(seen.rough > seen.again, 'some blocks needed no second look')
})

t.test('ranks are exact where bytes decide none, and soon they are not asked', async t => {
  const seen = await agrees(t, worldOf(near, 2))
  if (!seen) return
  t.equal(seen.again, seen.rough)
  t.ok(seen.rough < 3 * Math.ceil(ENTRIES / 64), 'most blocks were scored in float32 at once')
})

t.test('ranks are exact with equal vectors', async t => {
  await agrees(t, worldOf(again, 3))
})

t.test('ranks are exact where queries have more positives than are counted', async t => {
  const seen = await agrees(t, worldOf(apart, 60))
  if (seen) t.ok(seen.rough < 3 * Math.ceil(ENTRIES / 64), 'those are scored in float32 at once')
})

t.test('products of bytes that a processor cuts off are not used', async t => {
  const { isExact } = await import('../../../lib/engine/onnx/integer-product.js')
  const size = { rows: 2, columns: 4, dim: 6 }
  /** Adds two products at a time in int16, as processors without VNNI do. */
  const narrow = ({ zero, most }: { zero: number; most: number }): IntegerProduct => ({
    zero,
    most,
    async run(left, right, scales, into) {
      const cut = (x: number) => Math.max(-32768, Math.min(32767, x))
      for (let r = 0; r < 2; r++)
        for (let c = 0; c < 4; c++) {
          const at = (i: number) => right[4 * i + c]!
          let sum = 0
          for (let i = 0; i < 6; i += 2)
            sum += cut(left[6 * r + i]! * at(i) + left[6 * r + i + 1]! * at(i + 1))
          for (let i = 0; i < 6; i++) sum -= zero * at(i)
          into[4 * r + c] = scales[c]! * sum
        }
    },
    dispose() {},
  })
  t.equal(await isExact(narrow({ zero: 128, most: 127 }), size), false)
  t.equal(await isExact(narrow({ zero: 64, most: 63 }), size), true, 'seven bits pass')
})
