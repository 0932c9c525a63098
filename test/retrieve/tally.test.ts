import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { jsEngine } from '../../lib/engine/js-engine.js'
import { engineSimilarity } from '../../lib/retrieve/engine-similarity.js'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { relate } from '../../lib/retrieve/relation.js'
import { productSlack } from '../../lib/retrieve/rounding.js'
import type { Similarity } from '../../lib/retrieve/similarity.js'
import { tally, type Tally, type TallyTask } from '../../lib/retrieve/tally.js'
import type { Vectors } from '../../lib/retrieve/vectors.js'
import { unit, vectors } from './vectors.js'

/** A plain double loop over float64 sums, which shares nothing with the code under test. */
const doubleLoop = (
  queries: Vectors,
  gallery: Vectors,
  relevant: (q: number, e: number) => boolean,
  excluded: (q: number, e: number) => boolean,
): Tally[] =>
  Array.from({ length: queries.count }, (_, query) => {
    const scores = Array.from({ length: gallery.count }, (_, e) => {
      let sum = 0
      for (let i = 0; i < gallery.dim; i++)
        sum += queries.values[query * gallery.dim + i]! * gallery.values[e * gallery.dim + i]!
      return sum
    })
    const candidates = scores
      .map((score, e) => ({ score, right: relevant(query, e), out: excluded(query, e) }))
      .filter(({ out }) => !out)
    const wrong = candidates.filter(({ right }) => !right)
    const right = candidates.filter(({ right }) => right).map(({ score }) => score)
    right.sort((a, b) => b - a)
    return {
      query,
      greater: Int32Array.from(right, s => wrong.filter(({ score }) => score > s).length),
      equal: Int32Array.from(right, s => wrong.filter(({ score }) => score === s).length),
    }
  })

const collect = async (task: TallyTask): Promise<Tally[]> => {
  const tallies: Tally[] = []
  for await (const each of tally(task)) tallies.push(each)
  return tallies
}

/**
 * Scores off by nearly as much as the bound allows, in the worst pattern for counting: what is above goes
 * down and what is below goes up, by turns.
 */
const worstSimilarity = (slack: number): Similarity => {
  const exact = exactSimilarity()
  return {
    ...exact,
    slack: () => slack,
    async *scores(...given) {
      for await (const block of exact.scores(...given))
        yield { ...block, scores: block.scores.map((s, i) => s + 0.999 * (i % 2 ? slack : -slack)) }
    },
  }
}

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
  const got = await collect({
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

t.test(
  'an engine gives the same counts where scores differ in the last bits of float32',
  async t => {
    const engine = jsEngine()
    const dim = 48
    let state = 7
    const draw = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5
    const base = unit(Array.from({ length: dim }, draw))
    // Every entry is the base with a few numbers moved to the next float32: scores one ulp apart.
    const near = () =>
      base.map(x => (draw() > 0.3 ? Math.fround(x) * (1 + 2 ** -23) : Math.fround(x)))
    const queries = vectors(Array.from({ length: 70 }, near))
    const gallery = vectors(Array.from({ length: 300 }, near))
    const queryKeys = Int32Array.from({ length: 70 }, (_, q) => q)
    const entryKeys = Int32Array.from({ length: 300 }, (_, e) => e % 90)
    const similarity = await engineSimilarity({ engine, dim, queries: 64, entries: 128 })
    const got = await collect({
      queries,
      gallery,
      relevant: relate(queryKeys, entryKeys),
      similarity,
    })
    const wanted = doubleLoop(
      queries,
      gallery,
      (q, e) => queryKeys[q] === entryKeys[e],
      () => false,
    )
    t.same(got, wanted)
    const slack = productSlack(dim, 1)
    t.ok(
      wanted.some(({ greater }) => greater[0]! > 5),
      'the near ties decide ranks',
    )
    t.equal(similarity.slack(dim, 1), slack, 'float32 arithmetic is recognised')
    await similarity.close()
    await engine.dispose()
  },
)
