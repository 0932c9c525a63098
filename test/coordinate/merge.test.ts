import t from 'tap'
import { mergeModels } from '../../lib/coordinate/merge.js'
import { parametersOfModel } from '../../lib/coordinate/model.js'
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
