import fc from 'fast-check'
import { collect, type Collected } from '../../lib/stream/collect.js'
import type { InputSummary } from '../../lib/stream/closing.js'
import { readStream } from '../../lib/stream/read.js'
import type {
  ModalityColumn,
  ModalityField,
  OtherField,
  StreamSchema,
} from '../../lib/stream/types.js'
import { createStream } from '../../lib/stream/write.js'
import { memorySink, memorySource } from './memory.js'

/** A row of the sample stream, written the long way: null = missing. */
export interface Item {
  id: string
  photo: number[] | null
  half: number[] | null
  words: number[][] | null
  captions: number[][] | null
  nested: number[][][] | null
  class: number | null
  label: string | null
  count: number | null
  score: number | null
  good: boolean | null
}

const modality = (field: Partial<ModalityField> & { name: string }): ModalityField => ({
  kind: 'vector',
  layout: 'vector',
  dim: 2,
  float: 'float32',
  unit: false,
  ...field,
})

const other = (name: string, type: OtherField['type'], nullable = true): OtherField => ({
  name,
  type,
  nullable,
  metadata: new Map(),
})

/** One column of every layout, both float types and every readable type of the others. */
export const sampleSchema = (): StreamSchema => ({
  content: 'features',
  modalities: [
    modality({ name: 'photo', kind: 'image', encoder: 'hog,size=64' }),
    modality({ name: 'half', dim: 3, float: 'float16' }),
    modality({ name: 'words', kind: 'text', layout: 'tokens' }),
    modality({
      name: 'captions',
      kind: 'text',
      layout: 'views',
      metadata: new Map([['x.y', 'z']]),
    }),
    modality({ name: 'nested', kind: 'text', layout: 'views-of-tokens', dim: 1 }),
    modality({
      name: 'class',
      kind: 'category',
      layout: 'category',
      dim: 0,
      vocabulary: ['a', 'b'],
    }),
  ],
  others: [
    other('id', 'text', false),
    other('label', 'text'),
    other('count', 'integer'),
    other('score', 'real'),
    other('good', 'boolean'),
  ],
  provenance: [{ pn: 'pcm-extract', vn: '0', cl: 'pcm-extract items.csv', seed: 0, extra: [1] }],
  metadata: new Map([['another.key', 'kept']]),
})

const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })
const half = fc.integer({ min: -64, max: 64 }).map(n => n / 8)
const vector = (dim: number, of = number) => fc.array(of, { minLength: dim, maxLength: dim })
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 3 })
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 3 })

export const item: fc.Arbitrary<Item> = fc.record({
  id: fc.string({ unit: 'grapheme', maxLength: 4 }),
  photo: maybe(vector(2)),
  half: maybe(vector(3, half)),
  words: maybe(some(vector(2))),
  captions: maybe(some(vector(2))),
  nested: maybe(some(some(vector(1)))),
  class: maybe(fc.integer({ min: 0, max: 1 })),
  label: maybe(fc.string({ unit: 'grapheme', maxLength: 4 })),
  count: maybe(fc.maxSafeInteger()),
  score: maybe(fc.double({ noNaN: true })),
  good: maybe(fc.boolean()),
})

export const FEW_ITEMS: Item[] = [
  {
    id: 'one',
    photo: [1, 2],
    half: [0.5, -0.25, 8],
    words: [[1, 2]],
    captions: [
      [3, 4],
      [5, 6],
    ],
    nested: [[[1], [2]], [[3]]],
    class: 1,
    label: 'naïve',
    count: 7,
    score: 0.1,
    good: true,
  },
  {
    id: 'two',
    photo: null,
    half: null,
    words: null,
    captions: null,
    nested: null,
    class: null,
    label: null,
    count: null,
    score: null,
    good: null,
  },
]

type Column = (items: readonly Item[]) => ModalityColumn

const offsetsOf = (lists: readonly (readonly unknown[] | null)[]): Int32Array => {
  const offsets = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i]! + (list?.length ?? 0)))
  return offsets
}

const presence = (values: readonly unknown[]) => Uint8Array.from(values, v => (v === null ? 0 : 1))

const vectors =
  (name: 'photo' | 'half', dim: number): Column =>
  items => ({
    layout: 'vector',
    dim,
    values: Float32Array.from(items.flatMap(item => item[name] ?? new Array<number>(dim).fill(0))),
    present: presence(items.map(item => item[name])),
  })

const ragged =
  (name: 'words' | 'captions', layout: 'tokens' | 'views'): Column =>
  items => ({
    layout,
    dim: 2,
    values: Float32Array.from(items.flatMap(item => item[name]?.flat() ?? [])),
    offsets: offsetsOf(items.map(item => item[name])),
    present: presence(items.map(item => item[name])),
  })

const nested: Column = items => ({
  layout: 'views-of-tokens',
  dim: 1,
  values: Float32Array.from(items.flatMap(item => item.nested?.flat(2) ?? [])),
  offsets: offsetsOf(items.map(item => item.nested)),
  viewOffsets: offsetsOf(items.flatMap(item => item.nested ?? [])),
  present: presence(items.map(item => item.nested)),
})

const category: Column = items => ({
  layout: 'category',
  codes: Int32Array.from(items, item => item.class ?? 0),
  present: presence(items.map(item => item.class)),
})

/** The columns of the sample stream, built item by item. */
export const columnsOf = (items: readonly Item[]) => ({
  modalities: {
    photo: vectors('photo', 2)(items),
    half: vectors('half', 3)(items),
    words: ragged('words', 'tokens')(items),
    captions: ragged('captions', 'views')(items),
    nested: nested(items),
    class: category(items),
  },
  others: Object.fromEntries(
    (['id', 'label', 'count', 'score', 'good'] as const).map(name => [
      name,
      { layout: 'other' as const, values: items.map(item => item[name]) },
    ]),
  ),
})

/** The bytes of a sample stream whose batches end where `cuts` say. */
export const sampleBytes = async (
  items: readonly Item[],
  cuts: readonly number[] = [],
  inputs: InputSummary[] = [],
): Promise<Uint8Array> => {
  const sink = memorySink()
  const stream = createStream(sink, sampleSchema())
  const ends = [...new Set([...cuts.filter(cut => cut > 0 && cut < items.length), items.length])]
  let start = 0
  for (const end of ends.sort((a, b) => a - b)) {
    const batch = items.slice(start, end)
    await stream.write({ rows: batch.length, ...columnsOf(batch) })
    start = end
  }
  await stream.finish(inputs)
  return sink.bytes()
}

/** Everything a stream says: schema, every readable column, summary. */
export const readAll = async (bytes: Uint8Array, chunk?: number) => {
  const stream = await readStream(memorySource(bytes, chunk))
  const { modalities, others } = stream.schema
  const collected: Collected = await collect(stream, {
    modalities: modalities.map(({ name }) => name),
    others: others.filter(({ type }) => type !== 'opaque').map(({ name }) => name),
  })
  return { schema: stream.schema, collected, summary: stream.summary() }
}
