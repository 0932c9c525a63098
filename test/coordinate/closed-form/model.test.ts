import t from 'tap'
import { type FormName, FORMS } from '../../../lib/coordinate/closed-form/forms.js'
import { closedFormModel } from '../../../lib/coordinate/closed-form/model.js'
import { shares, viewOf } from '../../../lib/coordinate/closed-form/views.js'
import type { Dataset } from '../../../lib/coordinate/data/dataset.js'
import { standardiseAll } from '../../../lib/coordinate/data/standardise-all.js'
import type { Pair } from '../../../lib/coordinate/losses/loss.js'
import { reals } from '../../engine/numbers.js'
import { settingsOf } from '../settings.js'
import { datasetOf, rowsFrom, world } from '../world.js'

const ROWS = 90
const codes = Int32Array.from({ length: ROWS }, (_, r) => r % 3)

/** Features that tell the class a little, and the class itself. */
function dataset(): Dataset {
  const { photo } = world(['photo'], { rows: ROWS, latent: 4, dim: 6, noise: 0.1 })
  for (let r = 0; r < ROWS; r++) photo![r * 6 + codes[r]!]! += 2
  const data = datasetOf({ photo: photo! }, 6)
  const present = new Uint8Array(ROWS).fill(1)
  data.modalities.class = { type: 'codes', categories: 3, codes, present }
  return data
}

const pairs = [{ a: 'photo', b: 'class', weight: 1 }]
const modality = { hidden: 1, dropout: 0.1 }
const modalities = [
  { ...modality, name: 'photo', kind: 'vector', head: 'mlp', input: 6 },
  { ...modality, name: 'class', kind: 'category', head: 'embedding', input: 3 },
] as const

t.test('a closed form is a model: linear heads, and tables for categories', t => {
  const data = dataset()
  const rows = rowsFrom(0, ROWS)
  const statistics = standardiseAll(data, rows, {})
  const model = closedFormModel(
    { name: 'cca', ridge: 0.01, power: 2 },
    { source: 'test', data, rows, settings: settingsOf({ pairs, dim: 8 }), modalities, statistics },
  )
  const { dim } = model.description
  t.equal(dim, 2, 'three classes span two directions')
  t.same(
    model.layout.slots.map(({ path, shape }) => [path, shape]),
    [
      ['photo/linear.weight', [6, 2]],
      ['photo/linear.bias', [2]],
      ['class/table', [3, 2]],
    ],
  )
  const [weight, table] = ['photo/linear.weight', 'class/table'].map(path => {
    const { group, offset, size } = model.layout.slots.find(slot => slot.path === path)!
    return model.values[group].subarray(offset, offset + size)
  })
  const photo = data.modalities.photo as unknown as { values: Float32Array }
  let right = 0
  for (let r = 0; r < ROWS; r++) {
    const u = [0, 1].map(k =>
      [...Array(6).keys()].reduce(
        (sum, j) => sum + photo.values[r * 6 + j]! * weight![j * dim + k]!,
        0,
      ),
    )
    const score = (c: number): number =>
      (u[0]! * table![c * dim]! + u[1]! * table![c * dim + 1]!) /
      Math.hypot(table![c * dim]!, table![c * dim + 1]!)
    if ([0, 1, 2].every(c => score(codes[r]!) >= score(c))) right++
  }
  t.ok(right > 0.9 * ROWS, `${right} of ${ROWS} in their class`)
  t.end()
})

t.test('modalities that share nothing are refused', t => {
  const values = new Float32Array(ROWS * 6)
  const data = datasetOf({ photo: values, text: reals(ROWS * 6, 1) }, 6)
  const rows = rowsFrom(0, ROWS)
  const statistics = standardiseAll(data, rows, {})
  const both = ['photo', 'text'].map(name => ({ ...modalities[0], name }))
  const settings = settingsOf({ pairs: [{ a: 'photo', b: 'text', weight: 1 }], dim: 8 })
  const form = { name: 'cca', ridge: 0.01, power: 2 } as const
  t.throws(
    () =>
      closedFormModel(form, { source: 'x', data, rows, settings, modalities: both, statistics }),
    { message: /x: no two modalities share anything/, exit: 65 },
  )
  t.end()
})

t.test('a modality that shares nothing is refused, not mapped to zero', t => {
  const { photo, text } = world(['photo', 'text'], { rows: ROWS, latent: 4, dim: 6, noise: 0.02 })
  const voice = new Float32Array(ROWS * 6).fill(0.25)
  const data = datasetOf({ photo: photo!, text: text!, voice }, 6)
  const rows = rowsFrom(0, ROWS)
  const statistics = standardiseAll(data, rows, {})
  const three = ['photo', 'text', 'voice'].map(name => ({ ...modalities[0], name }))
  const settings = settingsOf({
    pairs: [
      { a: 'photo', b: 'text', weight: 1 },
      { a: 'photo', b: 'voice', weight: 1 },
    ],
    dim: 8,
  })
  const form = { name: 'cca', ridge: 0.01, power: 2 } as const
  t.throws(
    () =>
      closedFormModel(form, { source: 'x', data, rows, settings, modalities: three, statistics }),
    { message: /x: modality 'voice' shares nothing with the others/, exit: 65 },
  )
  t.end()
})

t.test('views of an item are averaged, and a category is its indicator less the mean', t => {
  const rows = Int32Array.of(0, 2)
  const view = viewOf(
    {
      type: 'vectors',
      dim: 2,
      values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      offsets: Int32Array.of(0, 2, 3, 4),
      present: Uint8Array.of(1, 1, 0),
      views: true,
    },
    rows,
  )
  t.same([...view.values], [2, 3, 7, 8])
  t.same([...view.present], [1, 0])
  const present = Uint8Array.of(1, 1, 1, 0)
  const all = Int32Array.of(0, 1, 2, 3)
  const classes = Int32Array.of(0, 1, 1, 0)
  t.same([...shares(classes, 2, all, present)], [1 / 3, 2 / 3])
  const category = viewOf({ type: 'codes', categories: 2, codes: classes, present }, all)
  const third = 1 / 3
  const wanted = [2 * third, -2 * third, -third, third, -third, third, 0, 0]
  t.ok(category.values.every((x, i) => Math.abs(x - wanted[i]!) < 1e-15))
  t.end()
})

t.test('every form is a model of one width', t => {
  const { photo, text } = world(['photo', 'text'], { rows: ROWS, latent: 4, dim: 6, noise: 0.02 })
  for (const name of Object.keys(FORMS) as FormName[]) {
    const data = datasetOf({ photo: photo!.slice(), text: text!.slice() }, 6)
    const rows = rowsFrom(0, ROWS)
    const statistics = standardiseAll(data, rows, {})
    const both = ['photo', 'text'].map(name => ({ ...modalities[0], name }))
    const settings = settingsOf({ pairs: [{ a: 'photo', b: 'text', weight: 1 }], dim: 8 })
    const form = { name, ridge: 0.01, power: 2 }
    const task = { source: 'x', data, rows, settings, modalities: both, statistics }
    const { description, layout } = closedFormModel(form, task)
    t.equal(description.loss, name)
    for (const { path, shape } of layout.slots)
      t.equal(shape.at(-1), description.dim, `${name}: ${path}`)
  }
  t.end()
})

t.test('what is mapped to one modality needs pairs and rows with it', t => {
  const three = world(['photo', 'text', 'voice'], { rows: ROWS, latent: 4, dim: 6, noise: 0.1 })
  const refuse = (pairs: Pair[], absent: boolean, message: RegExp, exit: number) => {
    const data = datasetOf({ photo: three.photo!, text: three.text!, voice: three.voice! }, 6)
    if (absent) data.modalities.voice!.present.fill(0, 1)
    const rows = rowsFrom(0, ROWS)
    const statistics = standardiseAll(data, rows, {})
    const all = ['photo', 'text', 'voice'].map(name => ({ ...modalities[0], name }))
    const settings = settingsOf({ pairs, dim: 8 })
    const task = { source: 'x', data, rows, settings, modalities: all, statistics }
    for (const name of ['ridge', 'procrustes'] as const)
      t.throws(() => closedFormModel({ name }, task), { message, exit })
  }
  const pair = (a: string, b: string): Pair => ({ a, b, weight: 1 })
  refuse([pair('photo', 'text'), pair('text', 'voice')], false, /expected --pair photo\+voice/, 64)
  refuse([pair('photo', 'text'), pair('voice', 'photo')], true, /fewer than 2 training rows/, 65)
  t.end()
})
