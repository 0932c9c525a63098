import fc from 'fast-check'
import t from 'tap'
import { readCsv } from '../../lib/formats/csv.js'
import { readJsonLines } from '../../lib/formats/jsonl.js'
import { all, isCivil, once } from './check.js'

const csv = (text: string | Uint8Array, tabs = false) => all(readCsv(once(text), 'x.csv', { tabs }))
const jsonl = (...parts: (string | Uint8Array)[]) => all(readJsonLines(once(...parts), 'x.jsonl'))

t.test('cells hold what was written, whatever it is', async t => {
  const cell = fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0'))
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async rows => {
      const text = rows.map(row => row.map(quote).join(',')).join('\r\n')
      const read = (await csv(text)).map(({ cells }) => cells)
      t.same(
        read,
        rows.map(row => row.map(value => (value === '' ? null : value))),
      )
    }),
    { seed: 5, numRuns: 100 },
  )
})

t.test('a byte order mark, blank lines and a missing last line end are nothing', async t => {
  const rows = await csv('\ufeffa,b\n\n1,2\n\n3,4')
  t.same(
    rows.map(({ cells }) => cells),
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  )
  t.equal(rows[2]!.line, 5, 'the line it stands on')
})

t.test('TSV has no quoting', async t => {
  const rows = await csv('a\tb\nsay "hi"\t"x\n', true)
  t.same(rows[1]!.cells, ['say "hi"', '"x'])
})

t.test('broken tables are refused with the line', async t => {
  const refused: [RegExp, string | Buffer][] = [
    [/zero bytes/, ''],
    [/line 3: 2 cells, expected 3/, 'a,b,c\n1,2,3\n1,2\n'],
    [/record 2: a quote is opened and never closed/, 'a,b\n1,"2\n3,4\n'],
    [/line 2: a quote in the middle/, 'a,b\n1,x"y"\n'],
    [/line 2: NUL/, 'a,b\n1,\0\n'],
    [/line 3: not UTF-8/, Buffer.from('a,b\n1,2\ncaf\xe9,3\n4,5\n', 'latin1')],
    [/not UTF-8/, Buffer.from([97, 10, 0xe6, 0x97])],
  ]
  for (const [message, text] of refused) await t.rejects(csv(text), { message, exit: 65 })
})

t.test('JSON Lines: values as JSON has them, lines however the bytes are cut', async t => {
  const text = Buffer.from('{"a":1,"b":[1,"x"]}\n\n{"a":null,"c":"日本"}\r\n{"a":true}')
  const objects = [{ a: 1, b: [1, 'x'] }, { a: null, c: '日本' }, { a: true }]
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(text.length), async (i, j) => {
      const [first, second] = [Math.min(i, j), Math.max(i, j)]
      const parts = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)]
      const rows = await jsonl(...parts)
      t.same(
        rows.map(({ object }) => ({ ...object })),
        objects,
      )
      t.same(
        rows.map(({ line }) => line),
        [1, 3, 4],
      )
    }),
    { seed: 6, numRuns: 50 },
  )
})

t.test('broken JSON Lines are refused with the line', async t => {
  const refused: [RegExp, string][] = [
    [/line 2: not JSON/, '{"a":1}\n{"a":\n'],
    [/line 1: a list/, '[1]\n'],
    [/'a': an object/, '{"a":{"b":1}}\n'],
    [/nested deeper/, `{"a":${'['.repeat(50)}${']'.repeat(50)}}\n`],
    [/beyond the range/, '{"a":1e999}\n'],
    [/line 1: longer than 8 MiB/, `{"a":"${'x'.repeat(10 << 20)}"}\n`],
  ]
  for (const [message, text] of refused) await t.rejects(jsonl(text), { message, exit: 65 })
})

t.test("an object's keys are only keys", async t => {
  const [row] = await jsonl('{"__proto__":1,"constructor":"x"}\n')
  t.equal(row!.object['constructor'], 'x')
  t.equal(row!.object['toString'], undefined)
})

t.test('any bytes are a table or bad data', async t => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '{', '}', ':', '[', '\t') }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async given => {
      const part = Buffer.from(given as Uint8Array)
      await isCivil(() => csv(part))
      await isCivil(() => csv(part, true))
      await isCivil(() => jsonl(part))
    }),
    { seed: 7, numRuns: 400 },
  )
  t.pass('400 tables of three kinds')
})
