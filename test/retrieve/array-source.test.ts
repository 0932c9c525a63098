import {
  columnFromArray,
  fixedSizeList,
  float32,
  float64,
  list,
  tableFromColumns,
  tableToIPC,
  utf8,
} from '@uwdata/flechette'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { pcmConvert } from '../convert/converted.js'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn } from './vectors.js'

const rows = Array.from({ length: 12 }, (_, i) =>
  unit([Math.sin(i), Math.cos(3 * i), Math.sin(5 * i)]),
)
const noisy = rows.map((row, i) => row.map((x, k) => x + 0.4 * Math.sin(7 * i + k)))

const metrics = async (...args: string[]) => {
  const { status, stdout, stderr } = await pcm('eval', [...args, '--format', 'json'])
  t.equal(status, 0, stderr)
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map(line => {
      const { direction, mrr, map, meanr } = JSON.parse(line) as Record<string, unknown>
      return { direction, mrr, map, meanr }
    })
}

t.test('two columns of any Arrow or Parquet file say what a stream of ours says', async t => {
  const folder = t.testdir()
  const at = (name: string) => join(folder, name)
  await writeEmbeddings(at('ours.arrows'), {
    ...others({ id: rows.map((_, i) => `${i}`) }),
    image: vectorColumn(rows),
    text: vectorColumn(noisy.map(unit)),
  })
  const wanted = await metrics(at('ours.arrows'))
  t.ok(wanted.length === 3 && (wanted[0]!.mrr as number) < 1, 'not all are found at once')

  const table = tableFromColumns({
    key: columnFromArray(
      rows.map((_, i) => `k${i}`),
      utf8(),
    ),
    image: columnFromArray(rows, fixedSizeList(float32(), 3)),
    text: columnFromArray(noisy, list(float64())),
  })
  for (const format of ['stream', 'file'] as const)
    await writeFile(
      at(format === 'file' ? 'other.arrow' : 'other.arrows'),
      tableToIPC(table, { format })!,
    )
  const made = await pcmConvert([at('ours.arrows'), '-o', at('other.parquet')])
  t.equal(made.exitCode, 0, made.stderr)
  for (const name of ['other.arrow', 'other.arrows', 'other.parquet']) {
    const columns = ['image', 'text'].flatMap(each => ['--vectors', `${each}=${at(name)}::${each}`])
    t.same(await metrics(...columns), wanted, name)
  }
  const { status, stderr } = await pcm('eval', ['--vectors', `image=${at('other.arrow')}::key`])
  t.equal(status, 65)
  t.match(stderr, /other.arrow::key: found text, expected vectors of numbers/)
})
