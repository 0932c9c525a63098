import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { collect } from '../../lib/stream/collect.js'
import { openStream } from '../../lib/stream/read.js'
import { openSink } from '../../lib/stream/sink.js'
import { createStream } from '../../lib/stream/write.js'
import { FEW_ITEMS, sampleBytes } from '../stream/sample.js'

/**
 * Streams against pyarrow, both directions, stream and file format. No part of the test suite,
 * which needs Node only:  PYTHON=venv/bin/python node dist/test/crosscheck/pyarrow.js
 */

const python = process.env['PYTHON'] ?? 'python3'
const script = join(process.cwd(), 'test/crosscheck/check_pyarrow.py')
const folder = mkdtempSync(join(tmpdir(), 'pcm-pyarrow-'))
const path = (name: string) => join(folder, name)
const run = (...args: string[]) => execa(python, [script, ...args])

const oursReadByThem = async () => {
  writeFileSync(path('ours.arrows'), await sampleBytes(FEW_ITEMS, [1]))
  const { stdout } = await run('check', path('ours.arrows'))
  const { rows, fields, metadata, closing } = JSON.parse(stdout)
  assert.deepEqual(
    rows.map(({ class: code, ...row }: Record<string, unknown>) => ({ ...row, class: code })),
    rowsOf(),
  )
  assert.deepEqual(fields.photo[0], 'fixed_size_list<item: float not null>[2]')
  assert.equal(fields.words[2]['pcm.axis'], 'tokens')
  assert.equal(metadata['pcm.content'], 'features')
  assert.equal(closing['pcm.rows'], '2')
}

const rowsOf = () => FEW_ITEMS.map(item => ({ ...item }))

const theirsReadByUs = async () => {
  await run('make', folder)
  for (const [name, from, to] of [
    ['stream.arrows', 0, 4],
    ['file.arrow', 0, 4],
    ['small-batches.arrows', 0, 4],
    ['slice.arrows', 1, 3],
    ['empty.arrows', 0, 0],
  ] as const) {
    const stream = await openStream(path(name))
    const found = await collect(stream, {
      modalities: ['photo', 'double', 'views'],
      others: ['id', 'label', 'large', 'viewed', 'small', 'flag'],
    })
    assert.equal(found.rows, to - from, name)
    for (const [column, values] of Object.entries(EXPECTED))
      assert.deepEqual(found.others[column]?.values, values.slice(from, to), `${name}: ${column}`)
    assert.deepEqual([...found.modalities['photo']!.present], [1, 0, 1, 1].slice(from, to))
    assert.deepEqual([...found.modalities['views']!.present], [1, 0, 0, 1].slice(from, to))
    const photo = found.modalities['photo']!
    assert.deepEqual(
      photo.layout === 'vector' && [...photo.values],
      [1, 2, 0, 0, 3, 4, 5, 6].slice(2 * from, 2 * to),
    )
  }
}

const EXPECTED = {
  id: ['a', 'b', 'c', 'd'],
  label: ['x', 'y', null, 'x'],
  large: ['é', null, '', 'zz'],
  viewed: ['short', null, 'longer than twelve bytes', 'é'],
  small: [1, null, 3, 4],
  flag: [true, null, false, true],
}

/** Types that pcm cannot read go through it and come out the same. */
const throughUs = async () => {
  const input = await openStream(path('stream.arrows'))
  const output = createStream(
    await openSink(path('through.arrows'), { binary: true }),
    input.schema,
  )
  for await (const batch of input) await output.write({ rows: batch.rows, from: batch })
  await output.finish([input.summary()])
  const before = JSON.parse((await run('rows', path('stream.arrows'))).stdout)
  const after = JSON.parse((await run('rows', path('through.arrows'))).stdout)
  assert.deepEqual(after, before)
}

/** Another program may rewrite a stream if it keeps the closing batch, and only then. */
const throughThem = async () => {
  await run('rewrite', path('ours.arrows'), path('again.arrows'))
  const stream = await openStream(path('again.arrows'))
  assert.equal((await collect(stream, { modalities: ['photo'], others: [] })).rows, 2)
  await refused('again.arrows.lost', /no closing batch/)
}

const refused = async (name: string, message: RegExp) => {
  const read = async () => {
    const stream = await openStream(path(name))
    const modalities = stream.schema.modalities.map(field => field.name)
    await collect(stream, { modalities, others: [] })
  }
  await assert.rejects(read, { exit: 65, message })
}

const whatIsRefused = async () => {
  await refused('compressed.arrows', /compressed bodies are not supported/)
  await refused('legacy.arrows', /expected an Arrow stream/)
  await refused('nan.arrows', /column 'photo': row 1: value 0 is NaN/)
}

const available = await execa(python, ['-c', 'import pyarrow; print(pyarrow.__version__)'], {
  reject: false,
})
if (available.exitCode !== 0) process.stdout.write('not run: no pyarrow\n')
else {
  for (const step of [oursReadByThem, theirsReadByUs, throughUs, throughThem, whatIsRefused]) {
    await step()
    process.stdout.write(`ok ${step.name}\n`)
  }
  process.stdout.write(`agrees with pyarrow ${available.stdout}\n`)
}
