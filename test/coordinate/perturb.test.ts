import t from 'tap'
import { parsePerturbations, perturbed, type Perturbation } from '../../lib/coordinate/perturb.js'
import { Exit } from '../../lib/error.js'
import type { ModalityColumn, NestedColumn, RaggedColumn } from '../../lib/stream/types.js'
import { reals } from '../engine/numbers.js'
import { fieldOf } from './features.js'
import { refused } from './refused.js'

const ROWS = 500
const DIM = 4
const statistics = {
  mean: Float32Array.of(10, 20, 30, 40),
  deviation: Float32Array.of(1, 2, 3, 4),
}
const there = new Uint8Array(ROWS).fill(1)
const vectors: ModalityColumn = {
  layout: 'vector',
  dim: DIM,
  values: reals(ROWS * DIM, 1),
  present: there,
}
/** Four tokens a row, of one number each: which token it is. */
const numbered = Float32Array.from({ length: ROWS * 4 }, (_, i) => i)
const tokens: RaggedColumn = {
  layout: 'tokens',
  dim: 1,
  values: numbered,
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, r) => 4 * r),
  present: there,
}
/** The same, as two views of two tokens. */
const views: NestedColumn = {
  layout: 'views-of-tokens',
  dim: 1,
  values: numbered,
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, r) => 2 * r),
  viewOffsets: Int32Array.from({ length: 2 * ROWS + 1 }, (_, v) => 2 * v),
  present: there,
}
const codes: ModalityColumn = { layout: 'category', codes: new Int32Array(ROWS), present: there }

const NOTHING: Perturbation = { noise: 0, features: 0, tokens: 0, missing: 0 }
const spoilt = <Column extends ModalityColumn>(
  column: Column,
  own: Partial<Perturbation>,
  { seed = 0, firstRow = 0 } = {},
): Column =>
  perturbed(column, { ...NOTHING, ...own }, statistics, { name: 'x', seed, firstRow }) as Column

const isNear = (found: number, wanted: number): boolean => Math.abs(found - wanted) < 0.05 * wanted
const count = (values: ArrayLike<number>, isIt: (value: number, at: number) => boolean): number =>
  Array.from(values).filter(isIt).length

t.test('noise has the deviation asked for, in deviations of each number', t => {
  const { values } = spoilt(vectors, { noise: 0.5 })
  const noise = values.map((x, i) => (x - vectors.values[i]!) / statistics.deviation[i % DIM]!)
  const square = noise.reduce((sum, x) => sum + x * x, 0) / noise.length
  t.ok(isNear(Math.sqrt(square), 0.5), `${Math.sqrt(square)}`)
  t.ok(Math.abs(noise.reduce((sum, x) => sum + x, 0) / noise.length) < 0.05)
  t.end()
})

t.test('a share of the numbers becomes their mean, and the others stay', t => {
  const { values } = spoilt(vectors, { features: 0.3 })
  const changed = count(values, (x, i) => x !== vectors.values[i])
  t.ok(isNear(changed, 0.3 * values.length), `${changed}`)
  t.equal(
    count(values, (x, i) => x === statistics.mean[i % DIM]),
    changed,
  )
  t.end()
})

t.test('a share of the tokens goes, but the first of each sequence, and no other moves', t => {
  for (const [column, starts, size] of [
    [tokens, 'offsets', 4],
    [views, 'viewOffsets', 2],
  ] as const) {
    const found = spoilt(column, { tokens: 0.5 })
    const at = (found as NestedColumn)[starts]
    t.equal(at.at(-1), found.values.length)
    t.ok(isNear(found.values.length, (ROWS * 4 * (size + 1)) / (2 * size)))
    for (let s = 0; s < at.length - 1; s++) {
      const own = [...found.values.subarray(at[s], at[s + 1])]
      if (own[0] !== size * s) t.fail(`sequence ${s} has lost its first token`)
      if (own.some((token, k) => Math.floor(token / size) !== s || token < own[k - 1]!))
        t.fail(`sequence ${s}: ${own.join(' ')}`)
    }
  }
  t.end()
})

t.test('a share of the rows lacks the modality, whatever it is', t => {
  for (const column of [vectors, tokens, views, codes]) {
    const left = count(spoilt(column, { missing: 0.2 }).present, Boolean)
    t.ok(isNear(left, 0.8 * ROWS), `${column.layout}: ${left}`)
    t.equal(count(spoilt(column, { missing: 1 }).present, Boolean), 0)
  }
  const holes = { ...vectors, present: new Uint8Array(ROWS) }
  t.equal(count(spoilt(holes, { missing: 0 }).present, Boolean), 0, 'and nobody gets one')
  t.end()
})

t.test('nothing asked for, nothing changed', t => {
  for (const column of [vectors, tokens, views, codes]) t.same(spoilt(column, {}), column)
  t.end()
})

t.test('what a row draws depends on its number and on the seed, not on the batch', t => {
  const all = { noise: 0.1, features: 0.2, missing: 0.3 }
  const whole = spoilt(vectors, all)
  const half: ModalityColumn = {
    layout: 'vector',
    dim: DIM,
    values: vectors.values.slice(200 * DIM),
    present: there.slice(200),
  }
  const rest = spoilt(half, all, { firstRow: 200 })
  t.same(rest.values, whole.values.slice(200 * DIM))
  t.same(rest.present, whole.present.slice(200))
  t.notSame(spoilt(vectors, all, { seed: 1 }).values, whole.values)
  t.end()
})

t.test('perturbations are for one modality, or for all that have none of their own', t => {
  const fields = [fieldOf('photo'), fieldOf('a:b'), fieldOf('words', { layout: 'tokens' })]
  const found = parsePerturbations(['a:b:noise=0.5', 'tokens=0.2,missing=1'], fields)
  t.same(found.get('a:b'), { ...NOTHING, noise: 0.5 })
  t.same(found.get('photo'), { ...NOTHING, tokens: 0.2, missing: 1 })
  t.same(found.get('words'), found.get('photo'))
  t.equal(parsePerturbations([], fields).size, 0)
  const refuse = (text: string, message: RegExp): void =>
    void refused(t, () => parsePerturbations([text], fields), Exit.usage, message)
  for (const text of ['noise', 'noise=', 'noise=-1', 'noise=x', 'tokens=1.1', 'colour=1', ''])
    refuse(text, /expected \[NAME:\]KIND=AMOUNT/)
  refuse('voice:noise=1', /no features of 'voice' to embed, there are photo, a:b, words/)
  refuse('photo:tokens=0.5', /photo has no tokens/)
  t.end()
})
