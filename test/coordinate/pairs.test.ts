import t from 'tap'
import { allPairs, checkFrozen, checkPairs } from '../../lib/coordinate/pairs.js'
import { groupingOf } from '../../lib/coordinate/positives.js'
import { parsePair, parsePositives } from '../../lib/coordinate/arguments.js'
import { Exit } from '../../lib/error.js'
import type { ModalityField } from '../../lib/stream/types.js'
import { refused } from './refused.js'
import { settingsOf } from './settings.js'

const pair = (a: string, b: string, weight = 1) => ({ a, b, weight })
const NAMES = ['photo', 'text', 'voice']

t.test(
  'all pairs, in the order of the stream, but for those in which nothing would learn',
  async t => {
    const names = (frozen: string[]) =>
      allPairs(NAMES, new Set(frozen)).map(({ a, b, weight }) => `${a}+${b}:${weight}`)
    t.same(names([]), ['photo+text:1', 'photo+voice:1', 'text+voice:1'])
    t.same(names(['text']), ['photo+text:1', 'photo+voice:1', 'text+voice:1'])
    t.same(names(['photo', 'text']), ['photo+voice:1', 'text+voice:1'])
    t.same(names(NAMES), [])
  },
)

t.test('pairs that cannot be meant are refused', async t => {
  const refuse = (pairs: ReturnType<typeof pair>[], words: RegExp) =>
    refused(t, () => checkPairs(pairs, NAMES), Exit.usage, words)
  refuse([pair('photo', 'film')], /no modality 'film'/)
  refuse([pair('text', 'text')], /'text' twice/)
  refuse([pair('photo', 'text'), pair('text', 'photo')], /photo\+text is given twice/)
  checkPairs([pair('voice', 'photo'), pair('photo', 'text')], NAMES)
  t.pass('other orders are fine')
})

t.test('only what exists can be frozen', async t => {
  const frozen = (...names: string[]) => settingsOf({ frozen: new Set(names) })
  refused(t, () => checkFrozen(frozen('film'), undefined, NAMES), Exit.usage, /no such modality/)
  refused(t, () => checkFrozen(frozen('text'), undefined, NAMES), Exit.usage, /needs --init/)
})

t.test('pairs are written A+B or A+B:WEIGHT', async t => {
  t.same(parsePair('photo+text'), pair('photo', 'text'))
  t.same(parsePair('photo+text:0.5'), pair('photo', 'text', 0.5))
  t.same(parsePair('a b+c:1e2'), pair('a b', 'c', 100))
  for (const text of [
    'photo',
    'photo+',
    '+text',
    'a+b:',
    'a+b:0',
    'a+b:-1',
    'a+b:x',
    'a+b:Infinity',
    '',
  ])
    refused(t, () => parsePair(text), Exit.usage, /expected A\+B or A\+B:WEIGHT/)
})

t.test('positives are written COLUMN or A+B:COLUMN', async t => {
  t.same(parsePositives('label'), { column: 'label' })
  t.same(parsePositives('photo+text:label'), { pair: { a: 'photo', b: 'text' }, column: 'label' })
  for (const text of ['', 'photo+text:', 'photo:label', 'a+b+c:label'])
    refused(t, () => parsePositives(text), Exit.usage, /expected COLUMN or A\+B:COLUMN/)
})

t.test('which rows are positives in which pair', async t => {
  const field = (name: string, kind: ModalityField['kind']): ModalityField => ({
    name,
    kind,
    layout: kind === 'category' ? 'category' : 'vector',
    dim: 1,
    float: 'float32',
    unit: false,
  })
  const fields = [field('photo', 'image'), field('text', 'text'), field('class', 'category')]
  const grouping = (...written: string[]) => {
    const of = groupingOf(written.map(parsePositives), fields)
    return [of(pair('photo', 'text')), of(pair('photo', 'class')), of(pair('class', 'text'))]
  }
  const classes = 'category:class'
  t.same(grouping(), ['id', classes, classes], 'equal category where there is one, else equal id')
  t.same(grouping('label'), ['column:label', 'column:label', 'column:label'])
  t.same(grouping('id'), ['id', 'id', 'id'])
  t.same(grouping('text+photo:label'), ['column:label', classes, classes], 'in either order')
  t.same(grouping('photo+class:id', 'label'), ['column:label', 'id', 'column:label'])
})
