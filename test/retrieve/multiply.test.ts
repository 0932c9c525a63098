import fc from 'fast-check'
import { join } from 'node:path'
import t from 'tap'
import { multiply } from '../../lib/retrieve/multiply.js'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn } from './vectors.js'

t.test('the elementwise product of unit vectors, scaled to norm 1', async () => {
  const vector = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 })
  const rows = fc.array(vector, { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(rows, given => {
      const units = given.map(unit)
      const got = multiply(
        units.map(row => vectorColumn([row])),
        1,
      ).column.values
      const wanted = unit(units[0]!.map((_, i) => units.reduce((all, row) => all * row[i]!, 1)))
      return wanted.every((x, i) => Math.abs(x - got[i]!) < 1e-6)
    }),
    { seed: 1 },
  )
})

t.test('a row that lacks a factor is absent; a product of zero is counted', async t => {
  const a = vectorColumn([[1, 0], undefined, [1, 0]])
  const b = vectorColumn([
    [0.6, 0.8],
    [0, 1],
    [0, 1],
  ])
  const { column, complete, opposed } = multiply([a, b], 3)
  t.same([...column.present], [1, 0, 1])
  t.same([...column.values], [1, 0, 0, 0, 1, 0])
  t.equal(complete, 2)
  t.equal(opposed, 1)
})

t.test('many factors of many dimensions do not fade away', async t => {
  const dim = 512
  const row = Array.from({ length: dim }, (_, i) => (i % 3 ? 1 : -1) / Math.sqrt(dim))
  const columns = Array.from({ length: 7 }, () => vectorColumn([row]))
  const { column, opposed } = multiply(columns, 1)
  t.equal(opposed, 0)
  t.ok(row.every((x, i) => Math.abs(x - column.values[i]!) < 1e-6))
})

t.test('exclusive or: only the product of two modalities finds the third', async t => {
  const folder = t.testdir()
  const path = join(folder, 'xor.arrows')
  const ROWS = 100
  const BITS = 16
  let state = 7
  const bit = () => ((state = (state * 48271) % 2147483647) > 2147483647 / 2 ? 1 : 0)
  const draw = () => Array.from({ length: ROWS }, () => Array.from({ length: BITS }, bit))
  const [a, b] = [draw(), draw()]
  const signs = (rows: number[][]) =>
    vectorColumn(rows.map(row => unit(row.map(bit => 1 - 2 * bit))))
  await writeEmbeddings(path, {
    ...others({ id: a.map((_, i) => `${i}`) }),
    a: signs(a),
    b: signs(b),
    c: signs(a.map((row, i) => row.map((bit, k) => bit ^ b[i]![k]!))),
  })
  const asked = ['a*b>c', 'b*a>c', 'a+b>c', 'a>c'].flatMap(one => ['--direction', one])
  const { status, stdout, stderr } = await pcm('eval', [path, '--format', 'json', ...asked])
  t.equal(status, 0, stderr)
  const records = stdout.toString().trim().split('\n')
  const [product, turned, sum, single] = records.map(line => JSON.parse(line))
  t.equal(product['r@1'], 100)
  t.equal(turned['r@1'], 100)
  t.equal(product.protocol.complete.query, ROWS)
  for (const other of [sum, single]) t.ok(other['r@1'] < 10, `${other.direction} ${other['r@1']}`)
})
