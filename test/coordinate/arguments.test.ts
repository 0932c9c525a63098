import t from 'tap'
import { taskFrom, type TrainArguments } from '../../lib/coordinate/arguments.js'
import { termText } from '../../lib/coordinate/losses/parse-term.js'
import { parseEnrichment } from '../../lib/coordinate/enrichment.js'
import { Exit } from '../../lib/error.js'
import type { ModalityField } from '../../lib/stream/types.js'
import { refused } from './refused.js'

const given = (own: Partial<TrainArguments> = {}): TrainArguments => ({
  loss: 'pcmc',
  term: [],
  closedForm: undefined,
  pair: [],
  positives: [],
  temperature: 'shared',
  initialTemperature: 0.07,
  head: [],
  hidden: [],
  pooling: [],
  dim: undefined,
  dropout: 0.1,
  standardise: true,
  epochs: 50,
  batch: 256,
  neighbours: 1,
  lr: 1e-3,
  decay: 0.01,
  warmup: 0.05,
  clip: 1,
  patience: undefined,
  momentum: 0.995,
  queue: 8192,
  train: undefined,
  val: undefined,
  refit: false,
  freeze: [],
  seed: 0,
  ...own,
})

const settings = (own: Partial<TrainArguments> = {}) => taskFrom(given(own), undefined).settings

t.test('options become settings', async t => {
  t.equal(settings({ initialTemperature: 0.05 }).scale, 20, 'the scale is one over the temperature')
  t.equal(settings({ clip: 0 }).clip, Infinity, '0 clips nothing')
  t.equal(settings({ patience: 7 }).patience, 7)
  t.equal(settings().patience, 0, 'no early stopping unless asked')
  t.equal(settings({ dim: 32 }).dim, 32)
})

t.test('rows come together up to a batch', async t => {
  t.equal(settings().together, 1)
  t.equal(settings({ neighbours: 10 }).together, 10)
  refused(
    t,
    () => settings({ neighbours: 10, batch: 8 }),
    Exit.usage,
    /--neighbours 10: a batch has 8/,
  )
})

t.test('heads: one for all, or each its own', async t => {
  const kinds = settings({
    head: ['mlp', 'voice=linear'],
    hidden: ['voice=9'],
    dim: 8,
    dropout: 0.2,
  })
  t.same(kinds.head('photo'), { kind: 'mlp', hidden: 16, dropout: 0.2 })
  t.same(kinds.head('voice'), { kind: 'linear', hidden: 9, dropout: 0.2 })
  t.ok(settings().head('photo').kind, 'there is a default')
  for (const head of ['resnet', 'voice=resnet', 'toString'])
    refused(t, () => settings({ head: [head] }), Exit.usage, /expected one of linear, mlp/)
  for (const hidden of ['0', '-3', '1.5', 'x', 'voice=', ''])
    refused(t, () => settings({ hidden: [hidden] }), Exit.usage, /a whole number above 0/)
  for (const head of [
    ['mlp', 'linear'],
    ['a=mlp', 'a=mlp'],
  ])
    refused(t, () => settings({ head }), Exit.usage, /given twice/)
})

t.test('rows: a selection, or a share to hold out', async t => {
  const rows = (own: Partial<TrainArguments>) => taskFrom(given(own), undefined).rows
  t.match(rows({}), { train: undefined, val: undefined })
  t.match(rows({ train: 'fold=1,2' }).train, { column: 'fold' })
  t.match(rows({ val: 'fold=3' }).val, { column: 'fold' })
  t.equal(rows({ val: '0.2' }).val, 0.2)
  t.equal(rows({ val: '0' }).val, 0)
  for (const val of ['1', '-0.1', 'x', '', ' ', 'NaN'])
    refused(t, () => rows({ val }), Exit.usage, /expected COLUMN=VALUE or a share/)
})

t.test('freezing needs a model', async t => {
  refused(t, () => settings({ freeze: ['photo'] }), Exit.usage, /--freeze needs --init/)
})

t.test('enrichments are written NAME=A[:WEIGHT]+B[:WEIGHT]', async t => {
  const known = ['photo', 'text', 'time:noon'].map((name): ModalityField => ({
    name,
    kind: 'vector',
    layout: 'vector',
    dim: 2,
    float: 'float32',
    unit: true,
  }))
  const parse = (text: string) => parseEnrichment(text, known)
  t.same(parse('both=photo+text:0.5'), {
    name: 'both',
    parts: [
      { modality: 'photo', weight: 1 },
      { modality: 'text', weight: 0.5 },
    ],
  })
  t.same(
    parse('x=time:noon+photo').parts[0],
    { modality: 'time:noon', weight: 1 },
    'a name may hold a colon',
  )
  t.same(parse('x=time:noon:2+photo').parts[0], { modality: 'time:noon', weight: 2 })
  for (const [text, words] of [
    ['photo+text', /no name before =/],
    ['=photo+text', /no name before =/],
    ['text=photo+text', /a modality already/],
    ['x=photo', /needs two modalities/],
    ['x=photo+photo', /named twice/],
    ['x=photo+film', /no embeddings of 'film'/],
    ['x=photo+text:0', /no number above 0/],
    ['x=photo+text:', /no number above 0/],
    ['x=photo+text:Infinity', /no number above 0/],
  ] as const)
    refused(t, () => parse(text), Exit.usage, words)
})

t.test('a loss is a sum of terms, each with its weight and options', async t => {
  const { settings } = taskFrom(
    given({ loss: 'pcmc,smoothing=0.1', term: ['0.1*uniformity', 'mixup,kind=both,beta=0.2'] }),
    undefined,
  )
  t.same(settings.terms, [
    { name: 'pcmc', weight: 1, values: { smoothing: 0.1 } },
    { name: 'uniformity', weight: 0.1, values: {} },
    { name: 'mixup', weight: 1, values: { kind: 'both', beta: 0.2 } },
  ])
  t.same(settings.terms.map(termText), [
    'pcmc,smoothing=0.1',
    '0.1*uniformity',
    'mixup,kind=both,beta=0.2',
  ])
})

t.test('what is no term, or not its option, is refused with what there is', async t => {
  const wrong: [Partial<TrainArguments>, RegExp][] = [
    [{ loss: 'clip' }, /--loss clip: no term is called 'clip'/],
    [{ loss: 'toString' }, /no term is called 'toString'/],
    [{ loss: 'alignment' }, /alignment is no loss by itself/],
    [{ loss: 'pcmr,form=best' }, /form: expected one of balanced, mean, hinge, gap/],
    [{ loss: 'pcmr,form' }, /form: expected one of/],
    [{ loss: 'pcmc,smoothing=2' }, /smoothing: expected a number from 0 to 0.99/],
    [{ loss: 'pcmc,smoothing=' }, /smoothing: expected a number/],
    [{ loss: 'pcmc,smoothing=0,smoothing=0' }, /smoothing is given twice/],
    [{ term: ['0.1*pcmc,x=1'] }, /--term 0.1\*pcmc,x=1: pcmc has no option 'x'/],
    [{ term: ['-1*uniformity'] }, /expected WEIGHT\*NAME with a weight above 0/],
    [{ term: ['*uniformity'] }, /expected WEIGHT\*NAME/],
    [{ term: ['1e999*uniformity'] }, /expected WEIGHT\*NAME/],
    [{ term: ['ims,noise=0,tokens=0'] }, /both views of an item are one/],
    [{ term: ['ims', '0.5*ims,features=0.1'] }, /ims is given twice/],
    [{ term: ['itm,width=64', 'itm'] }, /itm is given twice/],
  ]
  for (const [own, message] of wrong)
    t.throws(() => taskFrom(given(own), undefined), { exit: Exit.usage, message })
})

t.test('closed forms: a name and its numbers', async t => {
  const form = (closedForm: string) => taskFrom(given({ closedForm }), undefined).closedForm
  t.same(form('cca'), { name: 'cca', ridge: 0.01, power: 2 })
  t.same(form('cca,power=0,ridge=.5'), { name: 'cca', ridge: 0.5, power: 0 })
  t.same(form('ridge,ridge=0'), { name: 'ridge', ridge: 0 })
  t.same(form('procrustes'), { name: 'procrustes' })
  t.same(form('relative'), { name: 'relative' })
  for (const name of ['pca', '', 'toString'])
    refused(t, () => form(name), Exit.usage, /expected one of cca, ridge, procrustes, relative/)
  for (const text of [
    'ridge,power=2',
    'ridge,ridge=-1',
    'ridge,ridge=',
    'relative,ridge=1',
    'cca,',
  ])
    refused(t, () => form(text), Exit.usage, /expected (ridge|cca|relative)/)
})

t.test('only a training by default falls back on a closed form', t => {
  const falls = (own: Partial<TrainArguments> = {}) =>
    taskFrom(given(own), undefined).fallback?.name
  t.equal(falls(), 'cca')
  t.equal(falls({ fallback: 'none' }), undefined)
  const chosen: Partial<TrainArguments>[] = [
    { loss: 'pcmr' },
    { loss: 'pcmc,smoothing=0.1' },
    { term: ['uniformity'] },
    { head: ['linear'] },
    { pooling: ['max'] },
    { closedForm: 'cca' },
    { refit: true },
    { tune: 1 },
  ]
  for (const own of chosen) {
    t.equal(falls(own), undefined, JSON.stringify(own))
    const excluded = own.closedForm ?? own.refit ?? own.tune
    if (!excluded) t.equal(falls({ ...own, fallback: 'cca' }), 'cca', 'unless asked')
  }
  t.end()
})

t.test('what chooses by the validation rows excludes what leaves nothing to choose', t => {
  const task = (own: Partial<TrainArguments>) => taskFrom(given(own), undefined)
  for (const own of [{ tune: 1 }, { whiten: 0.1 }, { start: 'cca' }, { fallback: 'cca' }] as const)
    refused(t, () => task({ ...own, closedForm: 'ridge' }), Exit.usage, /not --closed-form/)
  refused(t, () => task({ tune: 1, checkpoint: 'run' }), Exit.usage, /keeps no --checkpoint/)
  refused(t, () => task({ tune: 1, fallback: 'cca' }), Exit.usage, /needs no --fallback/)
  refused(t, () => task({ refit: true, fallback: 'cca' }), Exit.usage, /--refit/)
  t.same([...task({ tune: 1, dim: 8, head: ['mlp'] }).tune!.kept].sort(), ['dim', 'head'])
  t.end()
})
