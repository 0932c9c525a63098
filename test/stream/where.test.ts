import t from 'tap'
import { readStream } from '../../lib/stream/read.js'
import { parseWhere } from '../../lib/stream/where.js'
import { memorySource } from './memory.js'
import { FEW_ITEMS, type Item, sampleBytes } from './sample.js'

const items: Item[] = ['train', 'test', 'train', null, 'val'].map((label, i) => ({
  ...FEW_ITEMS[0]!,
  id: `i${i}`,
  label,
  count: i,
  good: i % 2 === 0,
}))

/** The ids that are left, and where each batch says it begins. */
const select = async (...texts: string[]) => {
  const bytes = await sampleBytes(items, [2, 3])
  const stream = await readStream(memorySource(bytes), { where: texts.map(parseWhere) })
  const ids: unknown[] = []
  const starts: number[] = []
  for await (const batch of stream) {
    ids.push(...batch.other('id').values)
    starts.push(batch.firstRow)
  }
  return { ids, starts, rows: stream.summary().rows }
}

t.test('rows are chosen by texts, integers and booleans, in stream order', async t => {
  t.strictSame((await select('label=train')).ids, ['i0', 'i2'])
  t.strictSame((await select('label=val,train')).ids, ['i0', 'i2', 'i4'])
  t.strictSame((await select('count=3,1')).ids, ['i1', 'i3'])
  t.strictSame((await select('good=false')).ids, ['i1', 'i3'])
  t.strictSame((await select('label=train', 'count=2')).ids, ['i2'])
})

t.test('batches without a row are left out, the others count on', async t => {
  const { starts, rows } = await select('label=test,val')
  t.strictSame(starts, [0, 1])
  t.equal(rows, items.length, 'the summary speaks of what was read')
})

t.test('a value that never occurs leaves nothing; null is no value', async t => {
  t.strictSame((await select('label=nowhere')).ids, [])
  t.strictSame((await select('label=null')).ids, [])
})

t.test('a column that is not there, or holds no words, is refused with those that do', async t => {
  const expected = { exit: 65, hint: 'there are: id, label, count, good' }
  await t.rejects(select('split=train'), { ...expected, message: /memory: no column 'split'/ })
  await t.rejects(select('photo=1'), { ...expected, message: /'photo'/ })
  await t.rejects(select('score=0.1'), { ...expected, message: /'score'/ })
})

t.test('what selects nothing is a mistake of the command line', async t => {
  t.throws(() => parseWhere('train'), { exit: 64, message: /'train'/ })
  t.throws(() => parseWhere('=train'), { exit: 64, message: /'=train'/ })
  const { column, values } = parseWhere('a%3Db=x%2Cy,z=1')
  t.equal(column, 'a=b')
  t.strictSame([...values], ['x,y', 'z=1'])
})
