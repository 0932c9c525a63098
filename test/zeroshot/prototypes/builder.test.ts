import t from 'tap'
import { PrototypeBuilder } from '../../../lib/zeroshot/prototypes/builder.js'
import { unit } from '../../retrieve/vectors.js'

const build = (rows: number[][], names: string[]) => {
  const builder = new PrototypeBuilder(2)
  rows.forEach((row, i) => builder.add(names[i]!, Float64Array.from(row)))
  return builder.finish()
}

const close = (found: Float32Array, wanted: number[]) =>
  wanted.every((x, i) => Math.abs(found[i]! - x) < 1e-6)

t.test('rows of one class are averaged and scaled to norm 1', async t => {
  const { names, vectors, rows } = build(
    [
      [1, 0],
      [0, 1],
      [0, 1],
    ],
    ['cat', 'dog', 'cat'],
  )
  t.same(names, ['cat', 'dog'])
  t.same([...rows], [2, 1])
  t.ok(close(vectors.values, [...unit([1, 1]), 0, 1]))
})

t.test('repeated vectors weigh as often as they come', async t => {
  const { vectors } = build(
    [
      [1, 0],
      [1, 0],
      [0, 1],
    ],
    ['cat', 'cat', 'cat'],
  )
  t.ok(close(vectors.values, unit([2, 1])))
})

t.test('vectors that are all the same stay bit for bit', async t => {
  const v = unit([0.1, 0.7])
  const { vectors } = build([v, v, v], ['cat', 'cat', 'cat'])
  t.same([...vectors.values], [...Float32Array.from(v)])
})

t.test('opposed vectors leave the first one, and are counted', async t => {
  const { vectors, opposed } = build(
    [
      [1, 0],
      [-1, 0],
    ],
    ['cat', 'cat'],
  )
  t.same([...vectors.values], [1, 0])
  t.equal(opposed, 1)
})
