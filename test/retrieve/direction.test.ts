import t from 'tap'
import type { PcmError } from '../../lib/error.js'
import { allDirections, parseDirection } from '../../lib/retrieve/direction.js'
import { parsePositives, relevanceColumn } from '../../lib/retrieve/relevance.js'
import { field, vectorColumn } from './vectors.js'

const column = vectorColumn([[1, 0]])
const fields = [
  field('photo', column),
  field('caption', column),
  field('class', column, { kind: 'category', vocabulary: ['cat'] }),
  field('both', column, { of: ['photo', 'caption'] }),
]

/** The exit status that a refusal asks for. */
const exitOf = (act: () => unknown): number | undefined => {
  try {
    act()
  } catch (error) {
    return (error as PcmError).exit
  }
  return undefined
}

t.test('all ordered pairs that share no modality', async t => {
  const directions = allDirections(fields, 'test')
  t.same(
    directions.map(({ name }) => name),
    [
      ...['photo>caption', 'photo>class', 'caption>photo', 'caption>class'],
      ...['class>photo', 'class>caption', 'class>both', 'both>class'],
    ],
  )
  const kinds = directions.filter(({ kind }) => kind === 'enriched').map(({ name }) => name)
  t.same(kinds, ['class>both', 'both>class'])
  t.equal(
    exitOf(() => allDirections([fields[0]!, fields[3]!], 'test')),
    65,
  )
  t.equal(
    exitOf(() => allDirections([], 'test')),
    65,
  )
})

t.test('sides combine modalities, with weights', async t => {
  const { name, query, kind } = parseDirection('photo+caption:0.5>class', fields)
  t.equal(name, 'photo+caption:0.5>class')
  t.equal(kind, 'enriched')
  t.same(query, {
    parts: [
      { column: 'photo', weight: 1 },
      { column: 'caption', weight: 0.5 },
    ],
    modalities: ['photo', 'caption'],
  })
  t.same(parseDirection('both>class', fields).query.modalities, ['photo', 'caption'])
  t.equal(parseDirection('photo>photo', fields).kind, 'intra')
})

t.test('a side that lacks a name is a wrong command line, not wrong data', async t => {
  for (const text of ['*>*', 'photo*>class', 'photo+>class', 'photo>+', 'photo+:2>class'])
    t.throws(() => parseDirection(text, fields), { message: /a name is missing/, exit: 64 }, text)
})

t.test('an answer in the question is refused, in every disguise', async t => {
  for (const leak of ['photo+caption>photo', 'photo>photo+class', 'both>caption', 'photo>both']) {
    t.equal(
      exitOf(() => parseDirection(leak, fields)),
      64,
      leak,
    )
    t.throws(() => parseDirection(leak, fields), /on both sides/)
  }
})

t.test('queries can be products, the gallery cannot', async t => {
  const { name, query, kind } = parseDirection('photo*caption>class', fields)
  t.equal(name, 'photo*caption>class')
  t.equal(kind, 'enriched')
  t.equal(query.product, true)
  t.same(query.modalities, ['photo', 'caption'])
  t.throws(() => parseDirection('class>photo*caption', fields), /the gallery .* is a product/)
  t.throws(() => parseDirection('photo*caption>photo', fields), /on both sides/)
  t.throws(() => parseDirection('photo*photo>class', fields), /named twice/)
  t.throws(() => parseDirection('photo*caption:2>class', fields), /no embeddings 'caption:2'/)
  const starred = [...fields, field('a*b', column)]
  t.equal(parseDirection('a*b>photo', starred).kind, 'plain', 'a name is a name first')
})

t.test('what cannot be meant is refused', async t => {
  const wrong = ['photo', 'photo>', '>photo', 'a>b>c', 'photo+photo>class', 'photo:0>class']
  for (const text of wrong)
    t.equal(
      exitOf(() => parseDirection(text, fields)),
      64,
      text,
    )
  for (const text of ['photo:x>class', 'photo:-1>class'])
    t.equal(
      exitOf(() => parseDirection(text, fields)),
      64,
      text,
    )
  t.equal(
    exitOf(() => parseDirection('photo>sound', fields)),
    65,
  )
})

t.test('a name that looks like a combination is a name first', async t => {
  const odd = [...fields, field('a+b:2', column)]
  t.same(parseDirection('a+b:2>photo', odd).query.parts, [{ column: 'a+b:2', weight: 1 }])
})

t.test('relevance: a rule for the pair, a rule for all, a category, the id', async t => {
  const columns = ['id', 'label', 'group', 'class.code']
  const by = (direction: string, ...rules: string[]) =>
    relevanceColumn(
      parseDirection(direction, fields),
      fields,
      rules.map(rule => parsePositives(rule, columns)),
    )
  t.equal(by('photo>caption'), 'id')
  t.equal(by('photo>class'), 'class.code')
  t.equal(by('class>photo'), 'class.code')
  t.equal(by('photo+class>caption'), 'id', 'a class that helps a photo makes no class of it')
  t.equal(by('photo>class', 'label'), 'label')
  t.equal(by('caption>photo', 'photo+caption:group', 'label'), 'group')
  t.equal(by('class>photo', 'photo+caption:group', 'label'), 'label')
  t.equal(by('photo>photo', 'photo+caption:group'), 'id')
  t.equal(by('photo>photo', 'photo+photo:group'), 'group')
  t.equal(
    exitOf(() => parsePositives('nothing', columns)),
    65,
  )
  t.equal(
    exitOf(() => parsePositives('photo:label', columns)),
    64,
  )
})
