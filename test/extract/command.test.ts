import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { root } from '../sandbox.js'

/** An encoder in a few lines: vectors of two numbers, the length of the line and 1. */
const program = (arrow: string, more = '') => `
import { readFileSync } from 'node:fs'
import * as arrow from '${arrow}'
const lines = readFileSync(0, 'utf8').split('\\n').slice(0, -1)
${more}
const type = new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Float32(), false))
const values = Float32Array.from(lines.flatMap(line => [line.length, 1]))
const child = arrow.makeData({ type: new arrow.Float32(), data: values })
const data = arrow.makeData({ type, length: lines.length, nullCount: 0, child })
const schema = new arrow.Schema([new arrow.Field('x', type, true)])
const struct = arrow.makeData({
  type: new arrow.Struct(schema.fields), length: lines.length, children: [data] })
const writer = new arrow.RecordBatchStreamWriter()
writer.reset(undefined, schema)
if (lines.length > 0) writer.write(new arrow.RecordBatch(schema, struct))
writer.finish()
process.stdout.write(await writer.toUint8Array())
`
const arrow = `${root}node_modules/apache-arrow/Arrow.node.mjs`
const command = (path: string) => `NODE_OPTIONS= '${process.execPath}' ${path}`
const open = (command: string, options = '') =>
  openEncoder(parseModality(`c=text:t@cmd:${encodeURIComponent(command)}${options}`), 1)

t.test('one line in, one row out; the dimension is asked for first', async t => {
  const folder = t.testdir({ 'encode.mjs': program(arrow) })
  const encoder = await open(command(`${folder}/encode.mjs`))
  t.same([encoder.dim, encoder.layout], [2, 'vector'])
  const results = await encoder.encode([{ text: 'abc' }, { text: 'a\nb\n\nc d' }])
  t.same(
    results.map(result => [...(result as Float32Array)]),
    [
      [3, 1],
      [7, 1],
    ],
  )
})

t.test('its failure is ours, and an answer that does not fit is refused', async t => {
  const folder = t.testdir({
    'short.mjs': program(arrow, 'lines.pop()'),
    'fails.mjs': program(arrow, 'if (lines.length > 0) process.exit(3)'),
  })
  await t.rejects(open('no-such-program 2>/dev/null'), { exit: 69, message: /ended with 127/ })
  await t.rejects(open('echo hello'), { exit: 65, message: /echo hello/ })
  await t.rejects(open('exec yes'), { exit: 65, message: /exec yes/ }, 'and it is stopped')
  const fails = await open(command(`${folder}/fails.mjs`))
  await t.rejects(fails.encode([{ text: 'a' }]), { exit: 69, message: /ended with 3/ })
  const short = await open(command(`${folder}/short.mjs`), ',dim=2')
  await t.rejects(short.encode([{ text: 'a' }, { text: 'b' }]), {
    exit: 65,
    message: /1 rows for 2 lines/,
  })
  const other = await open(command(`${folder}/short.mjs`), ',dim=3')
  await t.rejects(other.encode([{ text: 'a' }, { text: 'b' }]), { exit: 65, message: /rows/ })
})
