import t from 'tap'
import { embedRows } from '../bench/embed-rows.js'

t.test('50,000 rows pass through pcm-embed in the memory that a million may take', async t => {
  const { rows, peaks } = await embedRows(50_000, t.testdir())
  t.equal(rows, 50_000, 'every row comes out')
  for (const { program, status, megabytes } of peaks) {
    t.equal(status, 0, program)
    t.ok(megabytes < 400, `${program}: ${megabytes} MB`)
  }
})
