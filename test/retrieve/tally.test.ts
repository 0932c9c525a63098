import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { relate } from '../../lib/retrieve/relation.js'
import type { Similarity } from '../../lib/retrieve/similarity.js'
import { collectTallies, doubleLoop } from './double-loop.js'
import { vectors } from './vectors.js'
import { inKernel, worstSimilarity } from './worst-similarity.js'

/** Few different numbers, so that equal vectors, equal scores and near ties are common. */
const world = fc
  .record({
    dim: fc.integer({ min: 1, max: 5 }),
    queries: fc.integer({ min: 0, max: 12 }),
    entries: fc.integer({ min: 1, max: 40 }),
    keys: fc.integer({ min: 1, max: 12 }),
    seed: fc.integer(),
    coarse: fc.boolean(),
  })
  .map(({ dim, queries, entries, keys, seed, coarse }) => {
    let state = seed | 0
    const draw = () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 8) / 2 ** 24
    }
    const number = () => (coarse ? Math.floor(draw() * 3) - 1 : Math.fround(draw() * 2 - 1))
    const many = (count: number) =>
      vectors(
        Array.from({ length: count }, () => Array.from({ length: dim }, number)),
        dim,
      )
    const key = () => Math.floor(draw() * (keys + 1)) - 1
    return {
      queries: many(queries),
      gallery: many(entries),
      queryKeys: Int32Array.from({ length: queries }, key),
      entryKeys: Int32Array.from({ length: entries }, key),
      queryItems: Int32Array.from({ length: queries }, key),
      entryItems: Int32Array.from({ length: entries }, key),
    }
  })

type World = typeof world extends fc.Arbitrary<infer W> ? W : never

const agrees = async (t: Test, w: World, similarity: Similarity) => {
  const got = await collectTallies({
    queries: w.queries,
    gallery: w.gallery,
    relevant: relate(w.queryKeys, w.entryKeys),
    excluded: relate(w.queryItems, w.entryItems),
    similarity,
  })
  const same = (a: Int32Array, b: Int32Array) => (q: number, e: number) =>
    a[q]! >= 0 && a[q] === b[e]
  const wanted = doubleLoop(
    w.queries,
    w.gallery,
    same(w.queryKeys, w.entryKeys),
    same(w.queryItems, w.entryItems),
  )
  if (!isDeepStrictEqual(got, wanted)) t.same(got, wanted)
}

t.test(
  'counts equal those of a double loop: ties, duplicates, several positives, exclusions',
  async () => {
    await fc.assert(
      fc.asyncProperty(world, w => agrees(t, w, exactSimilarity())),
      { numRuns: 1500, seed: 2 },
    )
  },
)

t.test('counts stay exact with scores that are off by all that rounding allows', async t => {
  await fc.assert(
    fc.asyncProperty(world, fc.constantFrom(1e-7, 1e-3, 0.3, 3), (w, slack) =>
      agrees(t, w, worstSimilarity(slack)),
    ),
    { numRuns: 1500, seed: 3 },
  )
  t.pass('1500 worlds')
})

t.test('counts of the kernel, in float32, stay exact as well', async t => {
  await fc.assert(
    fc.asyncProperty(world, fc.constantFrom(1e-3, 0.3), (w, slack) =>
      agrees(t, w, inKernel(worstSimilarity(slack))),
    ),
    { numRuns: 1500, seed: 4 },
  )
  t.pass('1500 worlds')
})
