import fc from 'fast-check'
import t from 'tap'
import { gzipSync } from 'node:zlib'
import { PcmError } from '../../lib/error.js'
import { readModel, writeModel } from '../../lib/stream/model.js'
import { memorySink } from './memory.js'
import { FEW_ITEMS, readAll, sampleBytes } from './sample.js'

/** The message of the refusal; fails where the bytes are accepted or the error is no PcmError. */
const refusal = async (bytes: Uint8Array): Promise<string> => {
  try {
    await readAll(bytes)
  } catch (error) {
    if (error instanceof PcmError && error.exit === 65) return error.message
    throw error
  }
  throw new Error('accepted')
}

/** Refused, or read to the very same content. */
const isHarmless = async (bytes: Uint8Array, content: string): Promise<boolean> => {
  try {
    return JSON.stringify(await readAll(bytes), plain) === content
  } catch (error) {
    return error instanceof PcmError && error.exit === 65
  }
}

const plain = (_: string, value: unknown): unknown => {
  if (value instanceof Map) return [...value]
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value
}

t.test('a stream cut after any byte is refused', async t => {
  const bytes = await sampleBytes(FEW_ITEMS, [1])
  const accepted: number[] = []
  for (let length = 0; length < bytes.length; length++)
    await refusal(bytes.subarray(0, length)).catch(() => accepted.push(length))
  t.strictSame(accepted, [])
})

t.test('a flipped byte is refused or changes nothing', async t => {
  const bytes = await sampleBytes(FEW_ITEMS, [1])
  const content = JSON.stringify(await readAll(bytes), plain)
  const flip = fc.record({
    at: fc.nat({ max: bytes.length - 1 }),
    by: fc.integer({ min: 1, max: 255 }),
  })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(flip, async ({ at, by }) => {
        const damaged = Uint8Array.from(bytes)
        damaged[at]! ^= by
        return isHarmless(damaged, content)
      }),
      { numRuns: 600, seed: 1 },
    ),
  )
})

t.test('bytes lost, doubled or made up are refused or change nothing', async t => {
  const bytes = await sampleBytes(FEW_ITEMS, [1])
  const content = JSON.stringify(await readAll(bytes), plain)
  const place = fc.nat({ max: bytes.length - 1 })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 16 }), async (a, b, between) => {
        const damaged = Buffer.concat([bytes.subarray(0, a), between, bytes.subarray(b)])
        return isHarmless(damaged, content)
      }),
      { numRuns: 200, seed: 2 },
    ),
  )
})

t.test('what is no Arrow stream is named', async t => {
  t.match(await refusal(Buffer.from('')), /^memory: empty \(0 bytes\)/)
  t.match(await refusal(Buffer.from('id,label\n1,a\n')), /^memory: text, expected an Arrow stream/)
  t.match(await refusal(gzipSync('x')), /compressed by gzip/)
  t.match(await refusal(Buffer.from('PAR1\0\0\0\0')), /Parquet/)
  t.match(await refusal(Buffer.from('PK\x03\x04\0\0\0\0')), /zip archive/)
  t.match(await refusal(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])), /unknown format/)
  t.match(await refusal(Buffer.alloc(100, 255)), /claims 4294967295 bytes of metadata/)
})

t.test('streams joined by cat are refused', async t => {
  const bytes = await sampleBytes(FEW_ITEMS)
  t.match(await refusal(Buffer.concat([bytes, bytes])), /more bytes follow/)
  t.match(await refusal(Buffer.concat([bytes, Buffer.from('\n')])), /more bytes follow/)
})

t.test('a claimed length costs no memory before the bytes have come', async t => {
  const claim = Buffer.from([255, 255, 255, 255, 0, 0, 0, 4])
  const before = process.memoryUsage().arrayBuffers
  t.match(await refusal(Buffer.concat([claim, Buffer.alloc(100)])), /upstream ended early/)
  t.ok(process.memoryUsage().arrayBuffers - before < 80e6)
})

t.test('a model cut or damaged anywhere is refused', async t => {
  const sink = memorySink()
  const parameters = [{ name: 'w', shape: [2, 1], data: Float32Array.of(1, 2) }]
  await writeModel(sink, { parameters, metadata: { heads: '[]' }, provenance: [] })
  const bytes = sink.bytes()
  const dir = t.testdir({ model: Buffer.from(bytes) })
  const good = JSON.stringify(await readModel(`${dir}/model`), plain)
  t.match(good, 'heads')
  for (let at = 0; at < bytes.length; at += 7) {
    const cut = t.testdir({ model: Buffer.from(bytes.subarray(0, at)) })
    await t.rejects(readModel(`${cut}/model`), /upstream|empty/)
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 0x40
    const path = `${t.testdir({ model: damaged })}/model`
    const read = await readModel(path).catch((error: unknown) => error)
    if (read instanceof Error) t.match(read, { exit: 65 })
    else t.equal(JSON.stringify(read, plain), good)
  }
})
