import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openManifest } from '../../lib/extract/manifests/open-manifest.js'
import { openInput } from '../../lib/convert/open-input.js'
import { root } from '../sandbox.js'

const folder = join(root, 'test/formats/samples/tables')
const expected = readFileSync(join(folder, 'values.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Record<string, unknown>)

t.test(
  'Parquet and Arrow are manifests: columns in any order, null where they have none',
  async t => {
    for (const file of [
      'pyarrow-groups.parquet',
      'duckdb.parquet',
      'chunks.feather',
      'pyarrow.arrows',
    ]) {
      const manifest = await openManifest(join(folder, file))
      const wanted = ['words', 'label', 'nosuch', 'vector']
      const rows: unknown[] = []
      for await (const { cells } of manifest.rows(wanted)) rows.push(cells)
      t.same(
        rows,
        expected.map(row => wanted.map(name => row[name] ?? null)),
        file,
      )
      t.match(manifest, { idColumn: 'id', lists: ['vector', 'views'] })
      await manifest.close()
    }
  },
)

t.test('pcm-convert makes vectors and views of lists of numbers', async t => {
  for (const file of ['numbers.parquet', 'numbers.feather']) {
    const rows = await openInput(join(folder, file), undefined, { modalities: [], columns: [] })
    t.match(rows.schema.modalities, [
      { name: 'vector', layout: 'vector', dim: 3 },
      { name: 'views', layout: 'views', dim: 2 },
    ])
    const ids: unknown[] = []
    for await (const batch of rows.batches()) ids.push(...batch.other('id').values)
    t.same(
      ids,
      expected.map(({ id }) => id),
      file,
    )
    await rows.close()
  }
})
