import t from 'tap'
import { checkFusion, olderFusion } from '../../lib/coordinate/fusion/grown.js'
import { mergeModels } from '../../lib/coordinate/merge.js'
import { type Model, parametersOfModel } from '../../lib/coordinate/model.js'
import { Exit } from '../../lib/error.js'
import { modality, modelOf, parameter } from './model-of.js'

t.test('a space that has grown keeps the heads that were not trained, byte for byte', async t => {
  const old = modelOf(
    [modality('photo', 'mlp'), modality('text', 'linear'), modality('class', 'embedding')],
    1,
  )
  const grown = modelOf([modality('voice', 'residual-mlp'), modality('text', 'linear')], 2)
  const merged = mergeModels(old, grown)
  t.same(
    merged.description.modalities.map(({ name }) => name),
    ['photo', 'class', 'voice', 'text'],
  )
  t.same(Object.keys(merged.statistics), ['photo', 'voice', 'text'])
  t.equal(merged.statistics.photo, old.statistics.photo)
  t.equal(merged.statistics.text, grown.statistics.text, 'what was trained further is the new one')
  for (const { path } of merged.layout.slots) {
    const from = /^(photo|class)\//.test(path) ? old : grown
    t.same(parameter(merged, path), parameter(from, path), path)
  }
  t.same(merged.logScale, grown.logScale)
  const names = parametersOfModel(merged).map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
})

t.test('names that begin alike are told apart', async t => {
  const old = modelOf([modality('a', 'linear'), modality('a/b', 'linear')], 1)
  const grown = modelOf([modality('a', 'linear')], 2)
  const merged = mergeModels(old, grown)
  t.same(parameter(merged, 'a/b/linear.weight'), parameter(old, 'a/b/linear.weight'))
  t.same(parameter(merged, 'a/linear.weight'), parameter(grown, 'a/linear.weight'))
})

const SIZES = { width: 8, blocks: 1, heads: 2 }

t.test('fusion encoders stay with heads that stay, and go with those that change', async t => {
  const names = ['photo', 'text', 'sound']
  const heads = (...some: string[]) => some.map(name => modality(name, 'linear'))
  const pairs = ['photo+text', 'photo+sound']
  const old = modelOf(heads(...names), 1, { ...SIZES, pairs })
  const voice = mergeModels(old, modelOf(heads('voice'), 2))
  t.same(voice.description.fusion, { ...SIZES, pairs }, 'training without itm loses none')
  for (const { path } of old.layout.slots)
    t.same(parameter(voice, path), parameter(old, path), path)

  const other = modelOf(heads('sound', 'voice'), 2, { ...SIZES, pairs: ['sound+voice'] })
  const trained = { ...other, layout: { ...other.layout, heads: unfrozen(other) } }
  const merged = mergeModels(old, trained)
  t.same(merged.description.fusion!.pairs, ['photo+text', 'sound+voice'])
  for (const { path } of merged.layout.slots) {
    const from = /^(photo|text|photo\+text)\//.test(path) ? old : trained
    t.same(parameter(merged, path), parameter(from, path), path)
  }
  t.same(olderFusion(old, new Set(['sound', 'voice']), ['sound+voice']).stale, ['photo+sound'])

  const again = mergeModels(
    old,
    modelOf(heads('photo', 'text'), 3, { ...SIZES, pairs: [pairs[0]!] }),
  )
  t.same(again.description.fusion!.pairs, ['photo+sound', 'photo+text'], 'frozen heads, one again')
})

const unfrozen = ({ layout }: Model) => layout.heads.map(head => ({ ...head, frozen: false }))

t.test('fusion encoders of one model have one size', async t => {
  const old = modelOf([modality('photo', 'linear')], 1, { ...SIZES, pairs: ['photo+text'] })
  t.doesNotThrow(() => checkFusion(old, { ...SIZES, pairs: ['photo+voice'] }))
  t.doesNotThrow(() => checkFusion(old, undefined))
  t.throws(() => checkFusion(old, { ...SIZES, width: 16, pairs: ['photo+voice'] }), {
    message: /width=16,blocks=1,heads=2, and the fusion encoders of --init have width=8/,
    exit: Exit.usage,
  })
})
