import t from 'tap'
import {
  embedBatches,
  type EmbedOptions,
  embedderOf,
  embeddingSchema,
  planEmbedding,
} from '../../lib/coordinate/embed.js'
import { spoiling } from '../../lib/coordinate/perturb.js'
import { parseEnrichment } from '../../lib/coordinate/enrichment.js'
import type { Model } from '../../lib/coordinate/model.js'

import { Exit } from '../../lib/error.js'
import type { InputStream } from '../../lib/stream/read.js'
import type { ModalityColumn, VectorColumn } from '../../lib/stream/types.js'
import type { OutputBatch } from '../../lib/stream/write.js'
import { compare } from '../engine/agree.js'
import { both } from '../engine/compute.js'
import { reals } from '../engine/numbers.js'
import { type Features, fieldOf, idsOf, openFeatures, vectorsOf } from './features.js'
import { matrix, unit } from './float64.js'
import { heads, type Numbers64 } from './float64-heads.js'
import { DIM, everyHead, modality, modelOf } from './model-of.js'
import { checkUnit } from '../../lib/coordinate/embed-column.js'
import { refused, rejected } from './refused.js'

t.teardown(async () => await both().onnx.dispose())

/** Unit embeddings of raw features (or codes) by the float64 heads. */
function expected(model: Model, name: string, values: ArrayLike<number>): Float32Array {
  const { layout, statistics } = model
  const { head, input } = model.description.modalities.find(m => m.name === name)!
  const own: Numbers64 = Object.fromEntries(
    layout.slots
      .filter(({ path }) => path.startsWith(`${name}/`))
      .map(({ path, shape, group, offset, size }) => [
        path.slice(name.length + 1),
        { shape, values: model.values[group].subarray(offset, offset + size) },
      ]),
  )
  const width = head === 'embedding' ? 1 : input
  const known = statistics[name]
  const x = matrix(values, values.length / width, width).map(row =>
    known ? row.map((v, j) => (v - known.mean[j]!) / known.deviation[j]!) : row,
  )
  return Float32Array.from(unit(heads[head]!(x, own)).flat())
}

async function embedAll(
  stream: InputStream,
  model: Model,
  enrich: string[] = [],
  options: EmbedOptions = {},
): Promise<{ batch: OutputBatch; opposed: number }> {
  const plan = planEmbedding(stream, model)
  const enrichments = enrich.map(text => parseEnrichment(text, plan.fields))
  const counts = { rows: 0, opposed: 0 }
  const batches: OutputBatch[] = []
  const embedder = embedderOf(both().onnx, model)
  const run = embedBatches(stream, model, embedder, plan, enrichments, counts, options)
  for await (const batch of run) batches.push(batch)
  t.equal(batches.length, 1)
  return { batch: batches[0]!, opposed: counts.opposed }
}

const vectors = (column: ModalityColumn | undefined): VectorColumn => column as VectorColumn

t.test('every head embeds what float64 loops embed, standardised first', async t => {
  const model = everyHead()
  const rows = 7
  const features: Features = {
    rows,
    modalities: model.description.modalities
      .filter(({ head }) => head !== 'embedding')
      .map(({ name, input }, i) => vectorsOf(name, input, reals(rows * input, i, -3, 3))),
    others: { id: idsOf(rows) },
  }
  const { batch } = await embedAll(await openFeatures(features), model)
  for (const { field, column } of features.modalities) {
    const { values, present } = vectors(batch.modalities![field.name])
    const wanted = expected(model, field.name, vectors(column).values)
    t.equal(compare(values, wanted), undefined, field.name)
    t.ok(present.every(Boolean))
  }
})

/** Modalities of every layout, with a hole in each. */
const layouts = (): Features => ({
  rows: 4,
  modalities: [
    vectorsOf('photo', 3, reals(12, 1), Uint8Array.of(1, 1, 0, 1)),
    {
      field: fieldOf('words', { layout: 'tokens', kind: 'text' }),
      column: {
        layout: 'tokens',
        dim: 3,
        values: reals(15, 2),
        offsets: Int32Array.of(0, 2, 2, 4, 5),
        present: Uint8Array.of(1, 0, 1, 1),
      },
    },
    {
      field: fieldOf('captions', { layout: 'views', kind: 'text' }),
      column: {
        layout: 'views',
        dim: 3,
        values: reals(18, 3),
        offsets: Int32Array.of(0, 3, 4, 4, 6),
        present: Uint8Array.of(1, 1, 0, 1),
      },
    },
    {
      field: fieldOf('stories', { layout: 'views-of-tokens', kind: 'text' }),
      column: {
        layout: 'views-of-tokens',
        dim: 3,
        values: reals(18, 4),
        offsets: Int32Array.of(0, 2, 2, 3, 4),
        viewOffsets: Int32Array.of(0, 1, 3, 4, 6),
        present: Uint8Array.of(1, 0, 1, 1),
      },
    },
    {
      field: fieldOf('class', {
        layout: 'category',
        kind: 'category',
        dim: 0,
        vocabulary: ['a', 'b', 'c'],
      }),
      column: {
        layout: 'category',
        codes: Int32Array.of(2, 0, 0, 2),
        present: Uint8Array.of(1, 1, 0, 1),
      },
    },
  ],
  others: { id: idsOf(4), note: ['x', null, 'y', 'z'] },
})

const layoutModel = (): Model =>
  modelOf([
    modality('photo', 'linear'),
    modality('words', 'mlp'),
    modality('captions', 'residual-mlp'),
    modality('stories', 'linear'),
    modality('class', 'embedding'),
  ])

const mean = (...vectors: Float32Array[]): Float32Array =>
  vectors[0]!.map((_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0) / vectors.length)

t.test('all layouts: tokens pooled, views kept, codes looked up, holes zero', async t => {
  const features = layouts()
  const model = layoutModel()
  const raw = (i: number, v: number): Float32Array =>
    vectors(features.modalities[i]!.column).values.slice(3 * v, 3 * v + 3)
  const { batch } = await embedAll(await openFeatures(features), model)
  const found = batch.modalities!
  const zero = new Float32Array(DIM)
  const check = (name: string, wanted: (ArrayLike<number> | undefined)[]): void => {
    const rows = wanted.flatMap(x => [...(x ? expected(model, name, x) : zero)])
    t.equal(compare(vectors(found[name]).values, Float32Array.from(rows)), undefined, name)
  }
  check('photo', [raw(0, 0), raw(0, 1), undefined, raw(0, 3)])
  check('words', [mean(raw(1, 0), raw(1, 1)), undefined, mean(raw(1, 2), raw(1, 3)), raw(1, 4)])
  check(
    'captions',
    [0, 1, 2, 3, 4, 5].map(v => raw(2, v)),
  )
  check('stories', [raw(3, 0), mean(raw(3, 1), raw(3, 2)), raw(3, 3), mean(raw(3, 4), raw(3, 5))])
  check('class', [[2], [0], undefined, [2]])
  t.same([...vectors(found.photo).values.subarray(8, 12)], [0, 0, 0, 0])
  const layoutOf = (name: string) => found[name]!.layout
  t.same(['photo', 'words', 'captions', 'stories', 'class'].map(layoutOf), [
    'vector',
    'vector',
    'views',
    'views',
    'vector',
  ])
  t.match(found, {
    captions: { offsets: [0, 3, 4, 4, 6] },
    stories: { offsets: [0, 2, 2, 3, 4] },
  })
  for (const { field, column } of features.modalities)
    t.same([...found[field.name]!.present], [...column.present], `${field.name}: who has it`)
  t.same(batch.others, { 'class.code': { layout: 'other', values: [2, 0, null, 2] } })
  const code = (r: number) => [...vectors(found.class).values.subarray(r * DIM, (r + 1) * DIM)]
  t.same(code(0), code(3), 'one vector a category')
  t.ok(batch.from, 'and everything else comes from the input')
})

t.test('the schema says what the embeddings are', async t => {
  const stream = await openFeatures(layouts())
  const plan = planEmbedding(stream, layoutModel())
  const enriched = parseEnrichment('both=photo+captions:2', plan.fields)
  const { modalities, others } = embeddingSchema(plan, [enriched], DIM)
  t.match(modalities, [
    { name: 'photo', layout: 'vector', dim: DIM, unit: true },
    { name: 'words', layout: 'vector', unit: true },
    { name: 'captions', layout: 'views', kind: 'text' },
    { name: 'stories', layout: 'views' },
    { name: 'class', layout: 'vector', kind: 'category', vocabulary: ['a', 'b', 'c'] },
    { name: 'both', layout: 'vector', of: ['photo', 'captions'], unit: true },
  ])
  t.same(
    others.map(({ name }) => name),
    ['id', 'note', 'class.code'],
  )
  t.match(
    [...others.at(-1)!.metadata],
    [
      ['pcm.role', 'code'],
      ['pcm.of', '["class"]'],
    ],
  )
  await stream.close()
})

t.test('enriched embeddings are combined from those a row has', async t => {
  const { batch } = await embedAll(await openFeatures(layouts()), layoutModel(), [
    'both=photo+class:2',
  ])
  const { photo, both: enriched, class: sort } = batch.modalities!
  const row = (column: ModalityColumn | undefined, r: number): number[] => [
    ...vectors(column).values.subarray(r * DIM, (r + 1) * DIM),
  ]
  const sum = row(photo, 0).map((x, i) => x + 2 * row(sort, 0)[i]!)
  const norm = Math.hypot(...sum)
  t.equal(
    compare(
      Float32Array.from(row(enriched, 0)),
      Float32Array.from(sum, x => x / norm),
    ),
    undefined,
  )
  t.same([...enriched!.present], [1, 1, 0, 1], 'row 2 has neither')
})

t.test(
  'features that are spoilt on the way have other embeddings, and those without any none',
  async t => {
    const amounts = { noise: 0, features: 0, tokens: 0, missing: 0 }
    const perturbations = new Map([
      ['photo', { ...amounts, noise: 1 }],
      ['captions', { ...amounts, missing: 1 }],
    ])
    const model = layoutModel()
    const { batch } = await embedAll(await openFeatures(layouts()), model)
    const spoil = spoiling(perturbations, model.statistics, 0)
    const spoilt = await embedAll(await openFeatures(layouts()), model, [], { spoil })
    const { photo, words, captions } = spoilt.batch.modalities!
    t.notSame(photo, batch.modalities!.photo)
    t.same(photo!.present, batch.modalities!.photo!.present)
    t.same(words, batch.modalities!.words, 'who is not named stays')
    t.ok(vectors(captions).values.every(x => x === 0))
    t.same([...captions!.present], [0, 0, 0, 0])
  },
)

t.test('embeddings do not depend on how many there are, nor on the block they fall in', async t => {
  const model = everyHead()
  const engine = both().onnx
  const embedder = embedderOf(engine, model)
  const features = reals(5000 * 3, 1)
  for (const name of ['residual-mlp', 'lin+mlp']) {
    const all = await embedder.embed(name, features)
    for (const [from, to] of [
      [0, 1],
      [0, 16],
      [3, 20],
      [4090, 4100],
      [100, 1124],
      [0, 4096],
    ] as const) {
      const some = await embedder.embed(name, features.subarray(from * 3, to * 3))
      const wanted = all.subarray(from * DIM, to * DIM)
      const off = Math.max(...some.map((x, i) => Math.abs(x - wanted[i]!)))
      t.equal(some.length, wanted.length)
      t.ok(off < 2e-6, `${name}: rows ${from} to ${to} differ by ${off}`)
    }
    t.equal((await embedder.embed(name, new Float32Array(0))).length, 0, 'none of none')
  }
  const codes = Int32Array.from({ length: 40 }, (_, i) => i % 3)
  t.equal((await embedder.embed('embedding', codes)).length, 40 * DIM)
})

t.test('an embedding that is not of norm 1 is refused by its row', t => {
  const given = { name: 'photo', source: 'test', firstRow: 10 }
  const values = (norm: number) => Float32Array.of(1, 0, 0.6, 0.8, norm, 0, 0, norm)
  const rows = Uint8Array.of(1, 0, 1, 1)
  for (const norm of [0, NaN, Infinity, 1.01, 0.99]) {
    const vector = { layout: 'vector', values: values(norm), present: rows } as const
    const words = /column 'photo': row 12 has no direction/
    refused(t, () => checkUnit({ ...given, ...vector }), Exit.badData, words)
    const offsets = Int32Array.of(0, 2, 4)
    const present = Uint8Array.of(1, 1)
    const views = { layout: 'views', values: values(norm), offsets, present } as const
    refused(t, () => checkUnit({ ...given, ...views }), Exit.badData, /row 11 has no direction/)
  }
  const absent = {
    layout: 'vector',
    values: values(1),
    present: Uint8Array.of(1, 0, 1, 1),
  } as const
  checkUnit({ ...given, ...absent })
  t.same([...absent.values], [1, 0, 0, 0, 1, 0, 0, 1].map(Math.fround), 'zeros where it is absent')
  t.end()
})

t.test('features that do not fit the heads are refused', async t => {
  const stream = await openFeatures(layouts())
  const plan = (model: Model) => () => planEmbedding(stream, model)
  const refuse = (model: Model, words: RegExp) => refused(t, plan(model), Exit.badData, words)
  refuse(modelOf([modality('film', 'linear')]), /no modality the model has a head for/)
  refuse(modelOf([{ ...modality('photo', 'linear'), input: 9 }]), /3 numbers, the model expects 9/)
  refuse(modelOf([modality('photo', 'embedding')]), /'photo' is vector/)
  refuse(modelOf([modality('class', 'linear')]), /'class' is category/)
  const other = { ...modality('class', 'embedding'), vocabulary: ['a', 'c', 'b'] }
  refuse(modelOf([other]), /'class' has another vocabulary/)
  await stream.close()

  const taken = layouts()
  taken.others['class.code'] = [1, 2, 3, 4]
  const inTheWay = await openFeatures(taken)
  refused(
    t,
    () => planEmbedding(inTheWay, layoutModel()),
    Exit.badData,
    /'class.code' is in the way/,
  )
  await inTheWay.close()
})

t.test('a feature that has no direction in the space is bad data, with its row', async t => {
  const model = modelOf([modality('photo', 'linear')])
  for (const values of Object.values(model.values)) values.fill(0)
  await rejected(
    t,
    embedAll(await openFeatures(layouts()), model),
    Exit.badData,
    /column 'photo': row 0 has no direction/,
  )
})
