import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { parseDirection } from '../../lib/retrieve/direction.js'
import type { Embeddings } from '../../lib/retrieve/embeddings.js'
import { evaluate, type EvaluateOptions, type Evaluation } from '../../lib/retrieve/evaluate.js'
import { exactSimilarity } from '../../lib/retrieve/exact-similarity.js'
import { metricsOf } from '../../lib/retrieve/metric.js'
import type { TieRule } from '../../lib/retrieve/tie.js'
import { others, table, unit, viewsColumn, vectorColumn } from './vectors.js'

const measure = async (
  given: Embeddings,
  direction: string,
  relevance = 'id',
  options: Partial<EvaluateOptions> = {},
): Promise<Evaluation> => {
  const parsed = { direction: parseDirection(direction, given.fields), relevance }
  const settings = {
    metrics: metricsOf(['r@k', 'medr', 'meanr', 'mrr', 'map'], [1, 5, 10]),
    ties: 'pessimistic' as const,
    similarity: exactSimilarity(),
    ...options,
  }
  for await (const evaluation of evaluate(given, [parsed], settings)) return evaluation
  throw new Error('no evaluation')
}

/** One thing of a side as a person would list it. */
interface Thing {
  row: number
  id: unknown
  key: unknown
  vector: number[]
}

/** The textbook, slowly: every score, every pair, one query after the other. */
const byHand = (queries: Thing[], pool: Thing[], rule: TieRule, ks: number[]) => {
  const once = (things: Thing[]) =>
    things.filter(
      (thing, i) =>
        !things
          .slice(0, i)
          .some(
            other =>
              other.row !== thing.row &&
              other.id === thing.id &&
              other.key === thing.key &&
              isDeepStrictEqual(other.vector, thing.vector),
          ),
    )
  const gallery = once(pool)
  const ranks: number[] = []
  const precisions: number[] = []
  let ties = 0
  for (const query of once(queries)) {
    const scored = gallery.map(thing => ({
      right: query.key !== null && thing.key === query.key,
      score: thing.vector.reduce((sum, x, i) => sum + x * query.vector[i]!, 0),
    }))
    const right = scored.filter(each => each.right).map(({ score }) => score)
    const wrong = scored.filter(each => !each.right).map(({ score }) => score)
    if (right.length === 0) continue
    right.sort((a, b) => b - a)
    const before = (score: number) => {
      const level = wrong.filter(other => other === score).length
      const ahead = { pessimistic: level, optimistic: 0, mean: level / 2 }[rule]
      return wrong.filter(other => other > score).length + ahead
    }
    ranks.push(1 + before(right[0]!))
    if (wrong.includes(right[0]!)) ties++
    precisions.push(
      right.reduce((sum, score, j) => sum + (j + 1) / (j + 1 + before(score)), 0) / right.length,
    )
  }
  const mean = (values: number[]) =>
    values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null
  const sorted = ranks.slice().sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  const hits = (k: number) => (100 * ranks.filter(rank => rank <= k).length) / ranks.length
  return {
    queries: ranks.length,
    pool: gallery.length,
    ties,
    measures: {
      ...Object.fromEntries(ks.map(k => [`r@${k}`, ranks.length ? hits(k) : null])),
      medr: ranks.length ? median : null,
      meanr: mean(ranks),
      mrr: mean(ranks.map(rank => 1 / rank)),
      map: mean(precisions),
    },
  }
}

const digit = fc.integer({ min: -1, max: 1 })
const vector = fc
  .tuple(digit, digit, digit)
  .filter(v => v.some(x => x !== 0))
  .map(v => unit(v).map(Math.fround))
const row = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  label: fc.constantFrom(null, 1, 2, 3),
  photo: fc.option(vector, { nil: undefined }),
  captions: fc.option(fc.array(vector, { minLength: 1, maxLength: 5 }), { nil: undefined }),
})

t.test(
  'measures equal those of the textbook: ties, duplicates, missing rows, one to five views',
  async t => {
    const runs = 2000
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 14 }),
        fc.constantFrom('photo>caption', 'caption>photo'),
        fc.constantFrom('id', 'label'),
        fc.constantFrom<TieRule>('pessimistic', 'optimistic', 'mean'),
        async (rows, direction, relevance, ties) => {
          const given = table({
            photo: vectorColumn(
              rows.map(({ photo }) => photo),
              3,
            ),
            caption: viewsColumn(
              rows.map(({ captions }) => captions),
              3,
            ),
            ...others({ id: rows.map(({ id }) => id), label: rows.map(({ label }) => label) }),
          })
          const things = (side: string): Thing[] =>
            rows.flatMap(({ id, label, photo, captions }, row) =>
              (side === 'photo' ? (photo ? [photo] : []) : (captions ?? [])).map(vector => ({
                row,
                id,
                key: relevance === 'id' ? id : label,
                vector,
              })),
            )
          const [query, gallery] = direction.split('>') as [string, string]
          const wanted = byHand(things(query), things(gallery), ties, [1, 5, 10])
          const got = await measure(given, direction, relevance, { ties })
          const { queries, pool, measures } = got
          const found = { queries, pool, ties: got.ties, measures: rounded(measures) }
          if (!isDeepStrictEqual(found, { ...wanted, measures: rounded(wanted.measures) }))
            t.same(found, wanted)
        },
      ),
      { numRuns: runs, seed: 4 },
    )
    t.pass(`${runs} tables`)
  },
)

/** Means may be summed in another order. */
const rounded = (values: Record<string, number | null>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value && Number(value.toPrecision(12))]),
  )

t.test('a model that scores everything alike gets nothing (METHODS 4.8)', async t => {
  const rows = Array.from({ length: 20 }, () => unit([1, 2]))
  const ids = others({ id: rows.map((_, i) => i) })
  const given = table({ a: vectorColumn(rows), b: vectorColumn(rows), ...ids })
  const pessimistic = await measure(given, 'a>b')
  t.equal(pessimistic.measures['r@1'], 0)
  t.equal(pessimistic.measures['medr'], 20)
  t.equal(pessimistic.ties, 20)
  const optimistic = await measure(given, 'a>b', 'id', { ties: 'optimistic' })
  t.equal(optimistic.measures['r@1'], 100)
  const mean = await measure(given, 'a>b', 'id', { ties: 'mean' })
  t.equal(mean.measures['medr'], 10.5)
})

t.test('a shuffled gallery changes nothing', async t => {
  const rows = fc.sample(vector, { numRuns: 60, seed: 5 })
  const other = fc.sample(vector, { numRuns: 60, seed: 6 })
  const order = rows.map((_, i) => (i * 37 + 11) % 60)
  const straight = table({
    a: vectorColumn([...rows, ...rows.map(() => undefined)]),
    b: vectorColumn([...rows.map(() => undefined), ...other]),
    ...others({ id: [...rows.keys(), ...rows.keys()] }),
  })
  const shuffled = table({
    a: vectorColumn([...rows, ...rows.map(() => undefined)]),
    b: vectorColumn([...rows.map(() => undefined), ...order.map(i => other[i]!)]),
    ...others({ id: [...rows.keys(), ...order] }),
  })
  t.same((await measure(shuffled, 'a>b')).measures, (await measure(straight, 'a>b')).measures)
})

t.test('captions of one item are no negatives of each other (METHODS 5, pitfall 10)', async t => {
  const photo = [unit([1, 0]), unit([0, 1])]
  const captions = [
    [unit([1, 0.1]), unit([1, 0.2]), unit([1, 0.3])],
    [unit([0.1, 1]), unit([0.2, 1]), unit([0.3, 1])],
  ]
  const ids = others({ id: ['x', 'y'] })
  const views = table({ photo: vectorColumn(photo), caption: viewsColumn(captions, 2), ...ids })
  const { measures, positives } = await measure(views, 'photo>caption')
  t.equal(measures['r@1'], 100)
  t.equal(measures['map'], 1, 'three relevant captions come first')
  t.same(positives, { min: 3, mean: 3, max: 3 })
})

t.test('features saved once per caption give the same as views (METHODS 4.1)', async t => {
  const photo = fc.sample(vector, { numRuns: 6, seed: 7 })
  const captions = photo.map((_, i) => fc.sample(vector, { numRuns: 5, seed: 8 + i }))
  const views = table({
    photo: vectorColumn(photo),
    caption: viewsColumn(captions, 3),
    ...others({ id: [...photo.keys()] }),
  })
  // A caption that repeats another of its item counts once where each has a row.
  const rows = captions.flatMap((set, id) =>
    set
      .filter((one, i) => !set.slice(0, i).some(other => isDeepStrictEqual(one, other)))
      .map(vector => ({ id, vector })),
  )
  const flat = table({
    photo: vectorColumn(rows.map(({ id }) => photo[id]!)),
    caption: vectorColumn(rows.map(({ vector }) => vector)),
    ...others({ id: rows.map(({ id }) => id) }),
  })
  const forth = await measure(flat, 'caption>photo')
  t.equal(forth.pool, 6, 'each photo is in the gallery once')
  t.same(forth.gallery.merged, rows.length - 6)
  t.equal((await measure(flat, 'photo>caption')).queries, 6)
  const wanted = await measure(views, 'photo>caption')
  t.equal((await measure(flat, 'photo>caption')).measures['r@1'], wanted.measures['r@1'])
})

t.test('a class is one entry, however many items it has', async t => {
  const given = table({
    photo: vectorColumn([
      [1, 0],
      [0.6, 0.8],
      [0, 1],
      [0, 1],
    ]),
    class: { ...vectorColumn([[1, 0], [1, 0], [0, 1], undefined]), kind: 'category' },
    ...others({ id: [0, 1, 2, 3], 'class.code': [0, 0, 1, null] }),
  })
  const forth = await measure(given, 'photo>class', 'class.code')
  t.equal(forth.pool, 2)
  t.equal(forth.queries, 3)
  t.equal(forth.unanswerable, 1)
  t.ok(Math.abs(forth.measures['r@1']! - 200 / 3) < 1e-9)
  const back = await measure(given, 'class>photo', 'class.code')
  t.equal(back.queries, 2)
  t.same(back.positives, { min: 1, mean: 1.5, max: 2 })
})

t.test('within a modality the item itself is left out', async t => {
  const given = table({
    photo: vectorColumn([
      [1, 0],
      [1, 0],
      [0.6, 0.8],
      [0, 1],
    ]),
    ...others({ id: ['a', 'b', 'c', 'd'], label: [1, 1, 2, 2] }),
  })
  const { measures, queries } = await measure(given, 'photo>photo', 'label')
  t.equal(queries, 4)
  t.equal(measures['r@1'], 100, 'nobody finds itself, everybody finds its like')
  const byId = await measure(given, 'photo>photo')
  t.equal(byId.queries, 0, 'without other entries of the same id there is nothing to find')
  const views = table({
    caption: viewsColumn(
      [
        [[1, 0], unit([1, 0.1])],
        [[0, 1], unit([0.1, 1])],
      ],
      2,
    ),
    ...others({ id: ['a', 'b'] }),
  })
  const paraphrases = await measure(views, 'caption>caption')
  t.equal(paraphrases.queries, 4)
  t.equal(paraphrases.measures['r@1'], 100)
  t.same(paraphrases.positives, { min: 1, mean: 1, max: 1 })
})

t.test('selections choose the rows of each side', async t => {
  const given = table({
    a: vectorColumn([
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ]),
    b: vectorColumn([
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ]),
    ...others({ id: [0, 1, 2] }),
  })
  const { queries, pool, unanswerable } = await measure(given, 'a>b', 'id', {
    queries: Uint8Array.from([1, 1, 0]),
    gallery: Uint8Array.from([0, 1, 1]),
  })
  t.same({ queries, pool, unanswerable }, { queries: 1, pool: 2, unanswerable: 1 })
})

t.test('enriched queries combine the modalities that an item has', async t => {
  const given = table({
    a: vectorColumn([[1, 0], undefined, undefined]),
    b: vectorColumn([[0, 1], [0, 1], undefined]),
    c: vectorColumn([unit([1, 1]), [0, 1], [1, 0]]),
    ...others({ id: [0, 1, 2] }),
  })
  const { measures, query, queries } = await measure(given, 'a+b>c')
  t.equal(queries, 2)
  t.equal(query.complete, 1)
  t.equal(query.missing, 1)
  t.equal(measures['r@1'], 100)
})

t.test('mean average precision by label stands beside the rest', async t => {
  const given = table({
    a: vectorColumn([
      [1, 0],
      [0.8, 0.6],
      [0, 1],
    ]),
    b: vectorColumn([
      [1, 0],
      [0.8, 0.6],
      [0, 1],
    ]),
    ...others({ id: [0, 1, 2], label: ['x', 'y', 'x'] }),
  })
  const { label, measures } = await measure(given, 'a>b', 'id', { label: 'label' })
  t.equal(measures['map'], 1)
  // x: ranks 1 and 3, then 3 and 1; y: rank 1.
  t.ok(Math.abs(label!.map! - ((1 + 2 / 3) / 2 + 1 + (1 + 2 / 3) / 2) / 3) < 1e-12)
  t.same(label!.positives, { min: 1, mean: 5 / 3, max: 2 })
})

t.test('groups of queries are measured against the whole gallery', async t => {
  const given = table({
    a: vectorColumn([
      [1, 0],
      [0.8, 0.6],
      [0, 1],
    ]),
    b: vectorColumn([
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
    ]),
    ...others({ id: [0, 1, 2], split: ['test', null, 'test'] }),
  })
  const { groups, measures, sum } = await measure(given, 'a>b', 'id', { by: ['split'] })
  t.match(
    groups.map(({ column, value, queries, measures }) => [
      column,
      value,
      queries,
      measures['medr'],
    ]),
    [
      ['split', 'test', 2, 1.5],
      ['split', null, 1, 2],
    ],
  )
  t.equal(measures['medr'], 2)
  t.ok(Math.abs(sum! - (100 / 3 + 100 + 100)) < 1e-9)
})
