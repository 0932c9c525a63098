import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { modelFrom, parametersOfModel } from '../../lib/coordinate/model.js'
import { loadModel, saveModel } from '../../lib/coordinate/model-stream.js'
import { Exit } from '../../lib/error.js'
import type { Parameter } from '../../lib/stream/model.js'
import { memorySink } from '../stream/memory.js'
import { everyHead, modality, modelOf, parameter } from './model-of.js'
import { refused, rejected } from './refused.js'

t.test('a model comes back from its stream as it was, every head and every bit', async t => {
  const model = everyHead()
  const sink = memorySink()
  await saveModel(sink, model, [{ pn: 'pcm-train', vn: '0', cl: 'pcm-train' }], [])
  const path = join(t.testdir(), 'model.arrows')
  writeFileSync(path, sink.bytes())
  const { model: back, provenance } = await loadModel(path)
  t.same(back.description, model.description)
  t.same(back.statistics, model.statistics)
  t.same(back.logScale, model.logScale)
  for (const { path, shape } of model.layout.slots) {
    t.same(parameter(back, path), parameter(model, path), path)
    t.same(back.layout.slots.find(s => s.path === path)!.shape, shape)
  }
  t.match(provenance, [{ pn: 'pcm-train' }])
  t.ok(
    back.layout.slots.every(({ group }) => group === 'frozen'),
    'nothing is trained unless it is asked for',
  )
})

t.test('the order of the rows does not matter, nor do rows nobody knows', async t => {
  const model = everyHead()
  const turned = parametersOfModel(model).toReversed()
  const more = { name: 'queue', shape: [2], data: Float32Array.of(1, 2) }
  const back = read(JSON.stringify(model.description), [...turned, more])
  t.same(parametersOfModel(back), parametersOfModel(model))
})

const read = (description: string | undefined, parameters: Parameter[]) =>
  modelFrom(
    'm.arrows',
    new Map(description === undefined ? [] : [['pcm.model', description]]),
    new Map(parameters.map(p => [p.name, p])),
  )

t.test('what is no model is refused', async t => {
  const model = modelOf([modality('photo', 'linear'), modality('class', 'embedding')])
  const { description } = model
  const parameters = parametersOfModel(model)
  const refuse = (text: string | undefined, given: Parameter[], words: RegExp) =>
    refused(t, () => read(text, given), Exit.badData, words)
  const change = (own: object): string => JSON.stringify({ ...description, ...own })
  const whole = JSON.stringify(description)

  refuse(undefined, parameters, /m\.arrows: no pcm\.model/)
  refuse('{', parameters, /not JSON/)
  for (const text of ['null', '7', '[]', '{}', change({ format: 2 })])
    refuse(text, parameters, /model format .*expected 1/)
  const [photo] = description.modalities
  for (const own of [
    { dim: 0 },
    { dim: '4' },
    { dim: 1.5 },
    { modalities: undefined },
    { modalities: {} },
    { modalities: [null] },
    { modalities: [{}] },
    { modalities: [{ ...photo, head: 'resnet' }] },
    { modalities: [{ ...photo, head: 'toString' }] },
    { modalities: [{ ...photo, input: -3 }] },
    { modalities: [{ ...photo, name: 7 }] },
    { modalities: [{ ...photo, dropout: 'x' }] },
  ])
    refuse(change(own), parameters, /lacks dim or modalities, or has them wrong/)
  for (const { name } of parameters)
    refuse(
      whole,
      parameters.filter(p => p.name !== name),
      new RegExp(`no parameter '${name}'`),
    )
  const flat = parameters.map(p =>
    p.name === 'photo/linear.weight' ? { ...p, shape: [p.data.length] } : p,
  )
  refuse(whole, flat, /'photo\/linear\.weight' has shape \[12\], expected \[3,4\]/)
  refuse(change({ dim: 5 }), parameters, /has shape/)
  refuse(
    change({ modalities: [...description.modalities, modality('text', 'mlp')] }),
    parameters,
    /no parameter 'text\//,
  )
})

t.test('a stream of something else is no model', async t => {
  const path = join(t.testdir({ 'x.arrows': 'hello' }), 'x.arrows')
  await rejected(t, loadModel(path), Exit.badData, /x\.arrows/)
  await rejected(t, loadModel(`${path}.not`), Exit.noInput, /x\.arrows\.not/)
})
