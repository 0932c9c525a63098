import t from 'tap'
import { openCat } from '../../lib/streams/cat.js'
import { rowsOf, schemaOf, writeRows, type Row } from './rows.js'

const one: Row[] = [
  { id: 'a', x: [1, 2], label: 'l' },
  { id: 'b', x: null },
]
const two: Row[] = [{ id: 'a', x: [3, 4], label: 'm' }]

t.test('rows follow each other in the order given, nulls and repeated ids kept', async t => {
  const folder = t.testdir()
  const paths = [await writeRows(folder, 'v', one), await writeRows(folder, 'v', two)]
  const cat = await openCat([...paths, paths[0]!], [])
  t.same(await rowsOf(cat.batches(), ['v']), [
    { id: 'a', label: 'l', v: [1, 2] },
    { id: 'b', label: null, v: null },
    { id: 'a', label: 'm', v: [3, 4] },
    { id: 'a', label: 'l', v: [1, 2] },
    { id: 'b', label: null, v: null },
  ])
  t.same(
    cat.summaries().map(({ rows }) => rows),
    [2, 1, 2],
  )
  t.equal(cat.schema.provenance.length, 1, 'equal records stand once')
})

t.test('--where takes rows of each', async t => {
  const folder = t.testdir()
  const paths = [await writeRows(folder, 'v', one), await writeRows(folder, 'v', two)]
  const cat = await openCat(paths, [{ column: 'label', values: new Set(['m']) }])
  t.equal((await rowsOf(cat.batches(), ['v'])).length, 1)
})

t.test('what differs is named before any row is read', async t => {
  const folder = t.testdir()
  const first = await writeRows(folder, 'v', one)
  const base = schemaOf('v')
  const [field] = base.modalities
  const other = (change: object) => ({ ...base, modalities: [{ ...field!, ...change }] })
  const cases: [RegExp, Parameters<typeof writeRows>[3]][] = [
    [/column 'w' is not in/, { schema: other({ name: 'w' }) }],
    [/numbers of float32, expected float16/, { schema: other({ float: 'float32' }) }],
    [/encoder hog, expected unknown/, { schema: other({ encoder: 'hog' }) }],
    [/a stream of embeddings, expected features/, { schema: { ...base, content: 'embeddings' } }],
  ]
  for (const [message, options] of cases) {
    const second = await writeRows(folder, 'v', two, options)
    await t.rejects(openCat([first, second], []), { exit: 65, message })
  }
  await t.rejects(openCat(['-', '-'], []), { exit: 64, message: /twice/ })
})
