import fc from 'fast-check'
import t from 'tap'
import type { Dataset, ModalityData } from '../../lib/coordinate/data/dataset.js'
import type { Embedder } from '../../lib/coordinate/embedder.js'
import type { Vectors } from '../../lib/coordinate/data/vectors.js'
import { Validator } from '../../lib/coordinate/validate.js'
import { both } from '../engine/compute.js'
import { seeds } from '../engine/arbitraries.js'
import { integers, reals } from '../engine/numbers.js'
import { unitOf } from './derived.js'

t.teardown(async () => await both().onnx.dispose())

const DIM = 2
const PAIRS = [{ a: 'photo', b: 'text', weight: 1 }]

/** An embedder of features that are embeddings already. */
const asTheyAre = {
  embed: async (_: string, values: Float32Array) => values,
} as unknown as Embedder

interface Drawn {
  rows: number
  views: number[][]
  present: number[][]
  groups: Int32Array
  seed: number
}

/** Few different vectors, so that ties are common; views and holes on both sides. */
const drawn: fc.Arbitrary<Drawn> = fc.integer({ min: 2, max: 8 }).chain(rows =>
  fc.record({
    rows: fc.constant(rows),
    views: fc.array(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows }),
      {
        minLength: 2,
        maxLength: 2,
      },
    ),
    present: fc.array(fc.array(fc.nat(1), { minLength: rows, maxLength: rows }), {
      minLength: 2,
      maxLength: 2,
    }),
    groups: fc.array(fc.nat(3), { minLength: rows, maxLength: rows }).map(g => Int32Array.from(g)),
    seed: seeds,
  }),
)

const COMPASS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0.6, 0.8],
]

function dataset({ rows, views, present, groups, seed }: Drawn): Dataset {
  const side = (m: number): ModalityData => {
    const counts = views[m]!.map((count, r) => count * present[m]![r]!)
    const offsets = Int32Array.from([0, ...counts])
    for (let r = 0; r < rows; r++) offsets[r + 1]! += offsets[r]!
    const picks = integers(offsets[rows]!, seed + m, 0, COMPASS.length - 1)
    return {
      type: 'vectors',
      dim: DIM,
      values: Float32Array.from([...picks].flatMap(i => COMPASS[i]!)),
      offsets,
      present: Uint8Array.from(present[m]!),
      views: true,
    }
  }
  return {
    rows,
    modalities: { photo: side(0), text: side(1) },
    groupings: { id: groups },
    grouping: () => 'id',
  }
}

/** Share of queries with a match that is above everything else, in percent, by a plain loop. */
function expected(data: Dataset, rows: Int32Array, from: string, to: string): number | undefined {
  const vectorsOf = (name: string) => {
    const { values, offsets } = data.modalities[name] as Vectors
    return [...rows].flatMap(r =>
      Array.from({ length: offsets[r + 1]! - offsets[r]! }, (_, v) => ({
        group: data.groupings.id![r]!,
        vector: values.subarray((offsets[r]! + v) * DIM, (offsets[r]! + v + 1) * DIM),
      })),
    )
  }
  const gallery = vectorsOf(to)
  const hits = vectorsOf(from).flatMap(query => {
    const scored = gallery.map(({ group, vector }) => ({
      match: group === query.group,
      score: vector[0]! * query.vector[0]! + vector[1]! * query.vector[1]!,
    }))
    const best = Math.max(...scored.filter(s => s.match).map(s => s.score))
    if (best === -Infinity) return []
    return [scored.every(s => s.match || s.score < best)]
  })
  return hits.length === 0 ? undefined : (100 * hits.filter(Boolean).length) / hits.length
}

t.test('validation is r@1 as pcm-eval counts it: views, several matches, ties, holes', async t => {
  await fc.assert(
    fc.asyncProperty(drawn, async one => {
      const data = dataset(one)
      const rows = Int32Array.from({ length: one.rows - 1 }, (_, i) => i + 1)
      const validator = new Validator(both().onnx, data, rows, { pairs: PAIRS, dim: DIM })
      const found = await validator.validate(asTheyAre)
      await validator.close()
      const wanted = Object.fromEntries(
        [
          ['photo>text', expected(data, rows, 'photo', 'text')] as const,
          ['text>photo', expected(data, rows, 'text', 'photo')] as const,
        ].filter(([, share]) => share !== undefined),
      ) as Record<string, number>
      const shares = Object.values(wanted)
      const mean = shares.reduce((a, b) => a + b, 0) / shares.length
      const near = (a: number | undefined, b: number): boolean => Math.abs((a ?? NaN) - b) < 1e-9
      if (shares.length === 0) return found === undefined
      return (
        Object.keys(found!.directions).length === shares.length &&
        Object.entries(wanted).every(([name, share]) => near(found!.directions[name], share)) &&
        near(found!.mean, mean)
      )
    }),
    { numRuns: 400, seed: 71 },
  )
  t.pass('400 sets of rows')
})

t.test('by products: each modality by all others, as pcm-eval multiplies them', async t => {
  const rows = 9
  // Row 4 has no voice, row 6 no text; the first of all is no validation row.
  const present = [Array(rows).fill(1), Array(rows).fill(1), Array(rows).fill(1)] as number[][]
  present[1]![6] = present[2]![4] = 0
  const dim = 5
  const names = ['photo', 'text', 'voice']
  const all = names.map((_, m) => reals(rows * dim, 31 + m, -1, 1))
  const data: Dataset = {
    rows,
    modalities: Object.fromEntries(
      names.map((name, m): [string, ModalityData] => {
        const offsets = Int32Array.of(0, ...present[m]!)
        for (let r = 0; r < rows; r++) offsets[r + 1]! += offsets[r]!
        const values = all[m]!.filter((_, i) => present[m]![Math.floor(i / dim)] === 1)
        return [
          name,
          {
            type: 'vectors',
            dim,
            values,
            offsets,
            present: Uint8Array.from(present[m]!),
            views: false,
          },
        ]
      }),
    ),
    groupings: { id: Int32Array.from({ length: rows }, (_, r) => r) },
    grouping: () => 'id',
  }
  const pairs = [
    { a: 'photo', b: 'text', weight: 1 },
    { a: 'photo', b: 'voice', weight: 1 },
  ]
  const chosen = Int32Array.from({ length: rows - 1 }, (_, i) => i + 1)
  const validator = new Validator(both().onnx, data, chosen, { pairs, dim, together: true })
  const unit = {
    embed: async (_: string, values: Float32Array) =>
      Float32Array.from(
        Array.from({ length: values.length / dim }, (_, r) =>
          unitOf([...values.subarray(r * dim, (r + 1) * dim)]),
        ).flat(),
      ),
  } as unknown as Embedder
  const found = (await validator.validate(unit))!
  await validator.close()
  t.same(Object.keys(found.directions), [
    'text*voice>photo',
    'photo*voice>text',
    'photo*text>voice',
  ])
  const vector = (m: number, r: number): number[] =>
    unitOf([...all[m]!.subarray(r * dim, (r + 1) * dim)])
  for (const [to, name] of Object.keys(found.directions).entries()) {
    const others = [0, 1, 2].filter(m => m !== to)
    const gallery = [...chosen].filter(r => present[to]![r])
    const queries = gallery.filter(r => others.every(m => present[m]![r]))
    const score = (query: number, entry: number): number =>
      vector(to, entry).reduce(
        (sum, x, k) => sum + others.reduce((product, m) => product * vector(m, query)[k]!, x),
        0,
      )
    const hits = queries.filter(q =>
      gallery.every(entry => entry === q || score(q, entry) < score(q, q)),
    )
    t.ok(Math.abs(found.directions[name]! - (100 * hits.length) / queries.length) < 1e-9, name)
  }
})
