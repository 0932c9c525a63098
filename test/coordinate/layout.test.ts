import t from 'tap'
import { GROUPS, initialValues, layoutOf } from '../../lib/coordinate/layout.js'
import { layoutOfKinds, smallHead } from './settings.js'

t.test('slots fill the flat vectors without gap or overlap', async t => {
  const layout = layoutOf([
    smallHead('photo', 'residual-mlp'),
    smallHead('text', 'mlp', { frozen: true }),
    smallHead('class', 'embedding', { input: 7 }),
  ])
  for (const group of GROUPS) {
    let next = 0
    for (const slot of layout.slots.filter(s => s.group === group)) {
      t.equal(slot.offset, next, slot.path)
      t.equal(
        slot.size,
        slot.shape.reduce((a, b) => a * b, 1),
      )
      next += slot.size
    }
    t.equal(layout.sizes[group], next, group)
  }
  const groupOf = Object.fromEntries(layout.slots.map(({ path, group }) => [path, group]))
  t.match(groupOf, {
    'photo/project.weight': 'decayed',
    'photo/project.bias': 'plain',
    'photo/norm.scale': 'plain',
    'class/table': 'decayed',
  })
  for (const { path, group } of layout.slots)
    if (path.startsWith('text/')) t.equal(group, 'frozen', path)
})

t.test('each parameter starts from the seed and its own name alone', async t => {
  const small = layoutOfKinds({ photo: 'mlp', text: 'linear' })
  const large = layoutOfKinds({ class: 'embedding', text: 'linear', voice: 'mlp', photo: 'mlp' })
  const valueOf = (layout: typeof small, path: string, seed: number): Float32Array => {
    const { group, offset, size } = layout.slots.find(slot => slot.path === path)!
    return initialValues(layout, seed)[group].slice(offset, offset + size)
  }
  for (const { path } of small.slots) {
    t.same(valueOf(large, path, 3), valueOf(small, path, 3), `${path}: whatever stands beside it`)
    if (!path.includes('norm')) t.notSame(valueOf(small, path, 4), valueOf(small, path, 3), path)
  }
  t.notSame(valueOf(large, 'photo/in.weight', 3), valueOf(large, 'voice/in.weight', 3))
})

t.test('starting values are spread as PyTorch spreads them', async t => {
  const layout = layoutOf([
    smallHead('wide', 'mlp', { input: 100, hidden: 60, output: 50 }),
    smallHead('class', 'embedding', { input: 200, output: 50 }),
  ])
  const flat = initialValues(layout, 0)
  const statistics = (path: string) => {
    const { group, offset, size } = layout.slots.find(slot => slot.path === path)!
    const values = flat[group].subarray(offset, offset + size)
    const mean = values.reduce((a, b) => a + b, 0) / size
    const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / size)
    return { mean, spread, largest: Math.max(...values.map(Math.abs)) }
  }
  for (const [path, inputs] of [
    ['wide/in.weight', 100],
    ['wide/out.weight', 60],
    ['wide/in.bias', 100],
  ] as const) {
    const { spread, largest } = statistics(path)
    const bound = 1 / Math.sqrt(inputs)
    t.ok(largest <= bound && largest > 0.9 * bound, `${path}: largest ${largest}`)
    t.ok(Math.abs(spread / (bound / Math.sqrt(3)) - 1) < 0.15, `${path}: spread ${spread}`)
  }
  t.match(statistics('wide/norm.scale'), { mean: 1, spread: 0 })
  t.match(statistics('wide/norm.shift'), { largest: 0 })
  const { spread } = statistics('class/table')
  t.ok(Math.abs(spread * Math.sqrt(50) - 1) < 0.05, 'rows of the table have about norm 1')
})
