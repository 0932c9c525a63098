import { tableFromIPC } from '@uwdata/flechette'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { align } from '../../lib/align.js'
import { csv } from '../../lib/retrieve/report/csv.js'
import { openReport, REPORT_FORMATS } from '../../lib/retrieve/report/report.js'

const folder = t.testdir()

const records = [
  { direction: 'a>b', query: ['a'], queries: 3, 'r@1': 50, map: 0.25, protocol: { ties: 0 } },
  { direction: 'a+c>b', query: ['a', 'c'], queries: 2, 'r@1': null, protocol: { ties: 1 } },
  { direction: 'mean', directions: 1, 'r@1': 50, protocol: { tie_rule: 'mean' } },
]

const write = async (format: (typeof REPORT_FORMATS)[number]) => {
  const path = join(folder, format)
  const report = await openReport(path, format)
  for (const record of records) await report.add(record)
  await report.finish({ table: () => 'a table\n', provenance: [], inputs: [] })
  return readFile(path)
}

t.test('json is one object a line, as it was', async t => {
  const lines = (await write('json')).toString().trimEnd().split('\n')
  t.same(
    lines.map(line => JSON.parse(line)),
    records,
  )
})

t.test('csv has a column a key, lists by +, the protocol last', async t => {
  t.equal(
    (await write('csv')).toString(),
    [
      'direction,query,queries,r@1,map,directions,protocol',
      'a>b,a,3,50,0.25,,"{""ties"":0}"',
      'a+c>b,a+c,2,,,,"{""ties"":1}"',
      'mean,,,50,,1,"{""tie_rule"":""mean""}"',
      '',
    ].join('\n'),
  )
  t.equal(csv(['x'], [{ x: 'a,"b"\nc' }]), 'x\n"a,""b""\nc"\n')
})

t.test('arrow is a stream of metrics that others can read', async t => {
  const table = tableFromIPC(await write('arrow'))
  t.equal(table.schema.metadata?.get('pcm.content'), 'metrics')
  const rows = table.toArray() as Record<string, unknown>[]
  t.same(
    rows.map(row => row['r@1']),
    [50, null, 50],
  )
  t.equal(Number(rows[0]!['queries']), 3)
  t.same(JSON.parse(rows[1]!['protocol'] as string), { ties: 1 })
})

t.test('table is what it is told', async t => {
  t.equal((await write('table')).toString(), 'a table\n')
})

t.test('columns are aligned, also for wide letters', async t => {
  const rows = [
    ['name', 'n'],
    ['漢字', '10'],
    ['日', '5'],
  ]
  t.equal(align(rows), 'name   n\n漢字  10\n日     5\n')
})
