import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import t from 'tap'
import { openStream } from '../../lib/stream/read.js'
import { rebatch } from '../../lib/stream/rebatch.js'
import { openSink } from '../../lib/stream/sink.js'
import { createStream } from '../../lib/stream/write.js'
import { fixture, pcm } from './program.js'

/** Same input, same bytes: from a file or a pipe, in chunks and batches of any size. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
const training = ['--no-pg', '--epochs', '2', '--dim', '16', '--threads', '1', '-q']
const SIZES = [1, 7, 100, 599]

t.before(async () => {
  const columns = ['-m', 'caption=text:caption_1..caption_5@ngram', '-m', 'attr=vector:attr_*']
  const to = ['-o', at('whole.arrows'), '--no-pg']
  const made = await pcm('extract', [fixture('world/items.csv'), ...columns, ...to])
  if (made.status !== 0) throw new Error(made.stderr)
  for (const size of SIZES) {
    const input = await openStream(at('whole.arrows'))
    const output = createStream(
      await openSink(at(`${size}.arrows`), { binary: true }),
      input.schema,
    )
    for await (const batch of rebatch(input, size))
      await output.write({ rows: batch.rows, from: batch })
    await output.finish()
  }
})

t.test('pcm-train', async t => {
  const run = async (input: string, stdin?: Readable) => {
    const ended = await pcm('train', [input, ...training], stdin ? { input: stdin } : {})
    t.equal(ended.status, 0, ended.stderr)
    return ended.stdout
  }
  const wanted = await run(at('whole.arrows'))
  for (const size of SIZES) t.ok((await run(at(`${size}.arrows`))).equals(wanted), `${size} rows`)
  const chunks = createReadStream(at('100.arrows'), { highWaterMark: 4099 })
  t.ok((await run('-', chunks)).equals(wanted), 'from a pipe, in small pieces')
})

t.test('pcm-embed', async t => {
  const model = await pcm('train', [at('whole.arrows'), ...training, '-o', at('model.arrows')])
  t.equal(model.status, 0, model.stderr)
  const args = ['--model', at('model.arrows'), '--no-pg', '--threads', '1', '-q']
  const run = async (input: string, stdin?: Readable) => {
    const ended = await pcm('embed', [input, ...args], stdin ? { input: stdin } : {})
    t.equal(ended.status, 0, ended.stderr)
    return ended.stdout
  }
  const wanted = await run(at('whole.arrows'))
  for (const size of SIZES) t.ok((await run(at(`${size}.arrows`))).equals(wanted), `${size} rows`)
  const chunks = createReadStream(at('7.arrows'), { highWaterMark: 4099 })
  t.ok((await run('-', chunks)).equals(wanted), 'from a pipe, in small pieces')
  t.ok(readFileSync(at('7.arrows')).length !== readFileSync(at('whole.arrows')).length)
})
