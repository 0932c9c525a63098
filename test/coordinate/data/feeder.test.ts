import t from 'tap'
import { parseLoss } from '../../../lib/coordinate/losses/parse-term.js'
import { type Dataset, groupsOf, relationsOf } from '../../../lib/coordinate/data/dataset.js'
import { Feeder } from '../../../lib/coordinate/data/feeder.js'
import { Input } from '../../../lib/coordinate/step.js'
import type { Numbers } from '../../../lib/engine/types.js'
import { smallHead } from '../settings.js'

const ROWS = 23

/**
 * Photo holds the row's number, text one of three views (row + view / 10), class a code. Some rows
 * lack the text.
 */
const dataset = (): Dataset => {
  const lacks = (r: number): boolean => r % 5 === 4
  const counts = Array.from({ length: ROWS }, (_, r) => (lacks(r) ? 0 : 3))
  const offsets = Int32Array.from([0, ...counts])
  for (let r = 0; r < ROWS; r++) offsets[r + 1]! += offsets[r]!
  return {
    rows: ROWS,
    modalities: {
      photo: {
        type: 'vectors',
        dim: 1,
        values: Float32Array.from({ length: ROWS }, (_, r) => r),
        offsets: Int32Array.from({ length: ROWS + 1 }, (_, r) => r),
        present: new Uint8Array(ROWS).fill(1),
        views: false,
      },
      text: {
        type: 'vectors',
        dim: 1,
        values: Float32Array.from(
          counts.flatMap((count, r) => Array.from({ length: count }, (_, v) => r + v / 10)),
        ),
        offsets,
        present: Uint8Array.from(counts, count => Number(count > 0)),
        views: true,
      },
      class: {
        type: 'codes',
        categories: 4,
        codes: Int32Array.from({ length: ROWS }, (_, r) => r % 4),
        present: new Uint8Array(ROWS).fill(1),
      },
    },
    groupings: {
      id: Int32Array.from({ length: ROWS }, (_, r) => r),
      'category:class': Int32Array.from({ length: ROWS }, (_, r) => r % 4),
    },
    grouping: ({ b }) => (b === 'class' ? 'category:class' : 'id'),
  }
}

const PAIRS = [
  { a: 'photo', b: 'text', weight: 1 },
  { a: 'photo', b: 'class', weight: 1 },
]

const heads = [
  smallHead('photo', 'mlp', { input: 1, hidden: 8, dropout: 0.5 }),
  smallHead('text', 'linear', { input: 1 }),
  smallHead('class', 'embedding', { input: 4 }),
]

/** Training rows: all but the first three. */
const rows = Int32Array.from({ length: ROWS - 3 }, (_, i) => i + 3)

const feeder = ({ seed = 0, batch = 6, data = dataset() } = {}): Feeder =>
  new Feeder(data, rows, {
    heads,
    pairs: PAIRS,
    relations: relationsOf(data, PAIRS, rows),
    batch,
    seed,
    terms: [parseLoss('pcmc')],
  })

/** The steps of an epoch, copied: buffers are used again. */
const epochOf = (from: Feeder, epoch: number): Record<string, Numbers>[] => [...copies(from, epoch)]

function* copies(from: Feeder, epoch: number): Generator<Record<string, Numbers>> {
  for (const step of from.epoch(epoch))
    yield Object.fromEntries(Object.entries(step).map(([name, x]) => [name, x.slice()]))
}

const photos = (steps: Record<string, Numbers>[]): number[] =>
  steps.flatMap(step => [...step[Input.feature('photo')]!])

t.test(
  'an epoch is a permutation of the training rows without its remainder (METHODS 5, pitfall 9)',
  async t => {
    const from = feeder()
    t.equal(from.stepsPerEpoch, 3, '20 rows in batches of 6')
    const seen = photos(epochOf(from, 0))
    t.equal(seen.length, 18)
    t.equal(new Set(seen).size, 18, 'no row twice')
    t.ok(
      seen.every(r => r >= 3),
      'training rows only',
    )
    t.not(String(photos(epochOf(from, 1))), String(seen), 'another order in another epoch')
    t.not(String(photos(epochOf(feeder({ seed: 1 }), 0))), String(seen), 'and for another seed')
    const often = new Map<number, number>()
    for (let epoch = 0; epoch < 40; epoch++)
      for (const r of photos(epochOf(from, epoch))) often.set(r, (often.get(r) ?? 0) + 1)
    t.equal(often.size, 20, 'nobody is always in the remainder')
    for (const count of often.values()) t.ok(count > 25, `${count} of 40`)
  },
)

t.test('what goes in belongs to the rows drawn', async t => {
  for (const step of epochOf(feeder(), 2)) {
    const drawn = [...step[Input.feature('photo')]!]
    for (const [i, r] of drawn.entries()) {
      const text = step[Input.feature('text')]![i]!
      const there = r % 5 !== 4
      t.equal(step[Input.present(PAIRS[0]!)]![i], Number(there))
      t.equal(Math.floor(text + 1e-3), there ? r : 0, 'a view of this row, or zero')
      t.equal(step[Input.feature('class')]![i], r % 4)
      t.equal(step[Input.groups('category:class')]![i], r % 4)
    }
    t.notOk(Input.groups('id') in step, 'ids are unique, so nothing is compared')
    t.notOk(Input.present(PAIRS[1]!) in step, 'all rows have both')
  }
})

t.test('views are drawn anew in every epoch, each as often', async t => {
  const from = feeder()
  const counts = [0, 0, 0]
  const byRow = new Map<number, Set<number>>()
  for (let epoch = 0; epoch < 60; epoch++)
    for (const step of epochOf(from, epoch))
      step[Input.feature('photo')]!.forEach((r, i) => {
        if (r % 5 === 4) return
        const view = Math.round((step[Input.feature('text')]![i]! - r) * 10)
        counts[view]!++
        byRow.set(r, (byRow.get(r) ?? new Set()).add(view))
      })
  const all = counts.reduce((a, b) => a + b)
  for (const count of counts) t.ok(Math.abs(count / all - 1 / 3) < 0.06, `${count} of ${all}`)
  for (const [r, views] of byRow) t.equal(views.size, 3, `row ${r} shows all its views`)
})

t.test('epoch k is the same whether or not the ones before were drawn', async t => {
  const worn = feeder()
  for (let epoch = 0; epoch < 5; epoch++) epochOf(worn, epoch)
  t.same(epochOf(worn, 5), epochOf(feeder(), 5))
})

t.test('dropout masks are new in every step, for the width of the layer', async t => {
  const masks = [0, 1].flatMap(epoch =>
    epochOf(feeder(), epoch).map(step => [...step[Input.dropout('photo', 0)]!]),
  )
  for (const mask of masks) t.equal(mask.length, 6 * 8)
  t.equal(new Set(masks.map(String)).size, masks.length)
  t.notOk(Input.dropout('text', 0) in epochOf(feeder(), 0)[0]!)
})

t.test('equal values are one group, missing ones a group of their own', async t => {
  t.same([...groupsOf(['a', 'b', 'a', null, null, 'b'])], [0, 1, 0, 2, 3, 1])
  t.same([...groupsOf([1, 1n, '1', true])], [0, 0, 0, 1], 'numbers are compared as written')
})

t.test('a mask is asked for only where rows lack something or share a group', async t => {
  const data = dataset()
  const all = relationsOf(data, PAIRS, rows)
  t.same([...all.incomplete], ['photo+text'])
  t.same([...all.shared], ['category:class'])
  const few = relationsOf(data, PAIRS, Int32Array.of(5, 6, 7, 8))
  t.same([...few.incomplete], [])
  t.same([...few.shared], [], 'four rows of four classes')
})
