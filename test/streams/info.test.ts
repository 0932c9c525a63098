import { readFileSync, truncateSync } from 'node:fs'
import t from 'tap'
import { openStream } from '../../lib/stream/read.js'
import { inspect } from '../../lib/streams/info.js'
import { infoRecord, infoTable } from '../../lib/streams/info-report.js'
import { openTally } from '../../lib/streams/spread.js'
import { writeRows, type Row } from './rows.js'

const rows: Row[] = [
  { id: 'a', x: [3, 4], label: 'l' },
  { id: 'b', x: null, label: 'l' },
  { id: 'c', x: [0, 1] },
  { id: 'd', x: [6, 8], label: 'm\u001b[31m' },
]

t.test('rows, missing values, norms, few values, digests and provenance are told', async t => {
  const path = await writeRows(t.testdir(), 'v', rows)
  const stream = await openStream(path)
  const found = await inspect(stream, () => {})
  const { digests } = stream.summary()
  t.match(infoRecord(found), {
    content: 'features',
    rows: 4,
    sound: true,
    columns: [
      { column: 'v', dim: 2, float: 'float16', missing: 1, vectors: 3, digest: digests['v'] },
      { column: 'id', type: 'text', missing: 0, values: { a: 1, b: 1, c: 1, d: 1 } },
      { column: 'label', missing: 1, values: { l: 2 } },
    ],
    provenance: [{ pn: 'pcm-extract' }],
  })
  t.same(found.modalities[0]!.norms, { vectors: 3, min: 1, mean: 16 / 3, max: 10 })
  const table = infoTable(found)
  t.match(table, /^v +vector +vector +2 +float16 +1 +3 +1\.000 +5\.333 +10\.00/m)
  t.notMatch(table, '\u001b', 'what values hold does not reach the terminal')
})

t.test('a stream that is cut short is described so far, and said to be so', async t => {
  const path = await writeRows(t.testdir(), 'v', rows, { size: 1 })
  truncateSync(path, readFileSync(path).length - 8)
  const found = await inspect(await openStream(path), () => {})
  t.equal(found.rows, 4)
  t.match(found.problem, { exit: 65, message: /end/ })
  t.match(infoTable(found), /NOT SOUND/)
  t.match(infoRecord(found), { sound: false, problem: /end/ })
})

t.test('many different values are not counted; numbers have a range', async t => {
  const tally = openTally()
  tally.add(Array.from({ length: 100 }, (_, at) => at - 50))
  tally.add([null, 2n ** 60n])
  t.match(tally.end(), { missing: 1, counts: undefined, min: -50, max: 2n ** 60n })
})
