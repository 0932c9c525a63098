import { Field, Schema } from 'apache-arrow/schema'
import { UnionMode } from 'apache-arrow/enum'
import { Bool, FixedSizeList, Float32, Int32, List, Union, Utf8 } from 'apache-arrow/type'
import type { DataType } from 'apache-arrow/type'
import t from 'tap'
import { encodeSchema } from '../../lib/stream/arrow/messages.js'
import { readStream } from '../../lib/stream/read.js'
import type { Content } from '../../lib/stream/types.js'
import { memorySource } from './memory.js'

const OWN = { 'pcm.schema': '1', 'pcm.content': 'features' }
const ID = new Field('id', new Utf8(), false)
const vector = (dim = 2) => new FixedSizeList(dim, new Field('item', new Float32(), false))

const field = (type: DataType, metadata: Record<string, string> = {}) =>
  new Field('x', type, true, new Map(Object.entries({ 'pcm.role': 'modality', ...metadata })))

/** Opens a stream that has this schema. */
const open = (fields: Field[], metadata: Record<string, string> = OWN, expect?: Content[]) => {
  const schema = new Schema(fields, new Map(Object.entries(metadata)))
  return readStream(memorySource(encodeSchema(schema)), { expect })
}

t.test('fields that cannot be meant are refused with the column', async t => {
  const bad: [Field, string][] = [
    [field(vector(), { 'pcm.kind': 'smell' }), "pcm.kind 'smell', expected image, audio, text"],
    [field(vector(), { 'pcm.axis': 'tokens' }), "pcm.axis 'tokens' on vectors below 0 lists"],
    [field(vector(), { 'pcm.axis': 'rows' }), "pcm.axis 'rows', expected tokens or views"],
    [field(vector(), { 'pcm.unit': 'yes' }), "pcm.unit 'yes', expected 0 or 1"],
    [field(vector(), { 'pcm.of': 'photo' }), 'pcm.of is not a JSON array of texts'],
    [field(vector(0)), 'vectors of 0 values'],
    [field(new Bool()), 'a modality of type Bool, expected vectors'],
    [field(new Int32(), { 'pcm.kind': 'text' }), 'a modality of type Int32'],
    [field(new Int32()), 'codes without a vocabulary'],
    [field(new Int32(), { 'pcm.vocabulary': '{}' }), 'pcm.vocabulary is not a JSON array'],
    [field(new Int32(), { 'pcm.vocabulary': '[1]' }), 'pcm.vocabulary is not a JSON array'],
    [field(new Int32(), { 'pcm.vocabulary': '["a","a"]' }), 'pcm.vocabulary names something twice'],
    [
      field(new List(new Field('item', vector()))),
      'lists of vectors without field metadata pcm.axis',
    ],
    [
      new Field('x', new Union(UnionMode.Dense, [0], [new Field('a', new Int32())]), true),
      'type Union<Int32>, which pcm cannot carry',
    ],
  ]
  for (const [field, message] of bad)
    await t.rejects(
      open([ID, field]),
      { exit: 65, message: `memory: column 'x': ${message}` },
      message,
    )
})

t.test('schemas that cannot be meant are refused', async t => {
  const refused = (message: string, ...given: Parameters<typeof open>) =>
    t.rejects(open(...given), { exit: 65, message: `memory: ${message}` })
  await refused("two columns are named 'id'", [ID, ID])
  await refused("no column 'id' among x", [field(vector())])
  await refused("column 'id': type Bool, expected text or integers", [new Field('id', new Bool())])
  await refused('pcm.schema is 2, expected 1', [ID], { ...OWN, 'pcm.schema': '2' })
  await refused("pcm.content 'x', expected features, ", [ID], { ...OWN, 'pcm.content': 'x' })
  await refused("pcm.content '', expected features, ", [ID], { 'pcm.schema': '1' })
  await refused('metadata pcm.pg: expected a JSON array', [ID], { ...OWN, 'pcm.pg': '{' })
  await refused('a stream of features, expected model or metrics', [ID], OWN, ['model', 'metrics'])
})

t.test('vectors of other programs are modalities, of pcm only those that say so', async t => {
  const plain = new Field('x', vector(), true)
  t.equal((await open([ID, plain], {})).schema.modalities.length, 1)
  t.equal((await open([ID, plain])).schema.modalities.length, 0)
  t.equal((await open([ID, plain], {}, ['embeddings'])).schema.content, 'embeddings')
})

t.test('a column may have any name', async t => {
  const names = ['__proto__', 'constructor', 'toString', '', 'a,b', '1']
  const { schema } = await open([ID, ...names.map(name => new Field(name, vector(), true))], {})
  t.strictSame(
    schema.modalities.map(({ name }) => name),
    names,
  )
})
