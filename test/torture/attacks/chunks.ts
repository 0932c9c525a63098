import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Random, random } from '../../../fixtures/maker/random.js'
import { openStream } from '../../../lib/stream/read.js'
import { openSink } from '../../../lib/stream/sink.js'
import { createStream } from '../../../lib/stream/write.js'
import type { Attack } from '../attack.js'
import { index } from '../fuzz/mutate.js'
import type { Host } from '../host/hosted.js'
import { CONTENTS, makeSmallWorld, type Reader, readersOf } from '../small-world.js'

const ROUNDS = { quick: 1, long: 125 }

/**
 * What comes out does not depend on how the input came: from a file, through a pipe in pieces of
 * any size, in record batches of any size. From the pipe every byte is the same; with other batches
 * what is no stream (and a model) is the same in every byte, and a stream holds the same rows, which
 * pcm-info tells by the digests.
 */
export const chunks: Attack = {
  name: 'chunks',
  summary: 'the same rows from a file, in pieces through a pipe, and in other record batches',
  unit: 'runs',
  goal: 4_000,
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    const world = await makeSmallWorld(host, folder)
    const pipe = join(folder, 'stream.arrows')
    let framed = 0
    for (const content of CONTENTS)
      for (const reader of readersOf(content, world)) {
        const name = `${content} into ${reader.program}`
        const copy = () => world.bytesOf(content)
        const sound = await viaPipe(host, reader, pipe, folder, copy(), [copy().length])
        for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.long); round++) {
          const draw = random(seed, 'chunks', name, round)
          const sizes = pieces(copy().length, draw)
          const piped = await viaPipe(host, reader, pipe, folder, copy(), sizes)
          struck()
          if (!piped.equals(sound))
            fault(`${name}: pieces of ${sizes.join(' ')} bytes: other bytes`)
          if (content === 'model' || content === 'fused') continue
          const batched = join(folder, 'batched.arrows')
          const rows = await rebatch(world.pathOf(content), batched, draw)
          const bytes = readFileSync(batched)
          const other = await viaPipe(host, reader, pipe, folder, bytes, [bytes.length])
          struck()
          if (other.equals(sound)) continue
          const where = `${name}: batches of ${rows.join(' ')} rows`
          if (!isStream(sound)) fault(`${where}: other bytes`)
          else if (!(await told(host, folder, other)).equals(await told(host, folder, sound)))
            fault(`${where}: other rows`)
          else framed++
        }
      }
    figure('streams of the same rows in other record batches', framed)
  },
}

/** What a reader writes of a stream that comes through a named pipe in pieces. */
const viaPipe = async (
  host: Host,
  { program, argv }: Reader,
  pipe: string,
  folder: string,
  bytes: Uint8Array,
  sizes: readonly number[],
): Promise<Buffer> => {
  execFileSync('mkfifo', [pipe])
  const out = join(folder, 'out')
  const run = host.run(program, [...argv(pipe), '--no-pg', '-q', '-o', out], folder)
  const poured = await pour(pipe, bytes, sizes).catch((error: unknown) => error)
  const { status, stderr, fault } = await run
  rmSync(pipe)
  if (status !== 0) throw new Error(`${program}: ${fault || stderr}`)
  if (poured) throw poured
  const written = readFileSync(out)
  rmSync(out)
  return written
}

const pour = async (pipe: string, bytes: Uint8Array, sizes: readonly number[]): Promise<void> => {
  const handle = await open(pipe, 'w')
  try {
    let at = 0
    for (const size of sizes) {
      await handle.write(bytes, at, size)
      at += size
      await setImmediate()
    }
  } finally {
    await handle.close()
  }
}

const pieces = (length: number, draw: Random): number[] => {
  const most = draw.pick([1, 7, 64, 1000] as const) * (length > 5000 ? 16 : 4)
  const sizes: number[] = []
  for (let left = length; left > 0; left -= sizes.at(-1)!)
    sizes.push(Math.min(left, 1 + index(most, draw)))
  return sizes
}

/** Writes the rows of a stream again in batches that are drawn; their sizes. */
const rebatch = async (from: string, to: string, draw: Random): Promise<number[]> => {
  const input = await openStream(from)
  const output = createStream(await openSink(to, { binary: true }), input.schema)
  const sizes: number[] = []
  for await (const batch of input)
    for (let start = 0; start < batch.rows; start += sizes.at(-1)!) {
      const size = Math.min(batch.rows - start, 1 + index(4, draw))
      const rows = Int32Array.from({ length: size }, (_, i) => start + i)
      await output.write({ rows: size, from: batch.select(rows) })
      sizes.push(size)
    }
  await output.finish(input.summary().inputs)
  return sizes
}

const isStream = (bytes: Buffer): boolean => bytes.readInt32LE(0) === -1

/** Everything that pcm-info says of a stream. */
const told = async (host: Host, folder: string, bytes: Buffer): Promise<Buffer> => {
  const [path, out] = [join(folder, 'told.arrows'), join(folder, 'told.json')]
  const handle = await open(path, 'w')
  await handle.writeFile(bytes)
  await handle.close()
  await host.run('pcm-info', [path, '--format', 'json', '-o', out], folder)
  return readFileSync(out)
}
