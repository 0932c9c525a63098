import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { ByteReader } from '../../lib/stream/arrow/byte-reader.js'
import { openSource, type Source } from '../../lib/stream/source.js'

const SIZE = 6_000_000
const bytes = Uint8Array.from({ length: SIZE }, (_, i) => (i * 2654435761) >>> 13)

const piped = (source: Source): Source => ({
  name: source.name,
  close: () => source.close(),
  [Symbol.asyncIterator]: () => source[Symbol.asyncIterator](),
})

t.test('a file is cut as a pipe is, whatever the pieces', async t => {
  const path = `${t.testdir({})}/bytes`
  writeFileSync(path, bytes)
  const lengths = fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 900_000, max: 1_200_000 }),
      fc.integer({ min: 0, max: SIZE }),
    ),
    { maxLength: 8 },
  )
  const same = async (pieces: number[], way: (source: Source) => Source) => {
    const source = await openSource(path)
    const reader = new ByteReader(way(source))
    let at = 0
    for (const length of pieces) {
      const piece = await reader.upTo(length)
      const expected = bytes.subarray(at, at + length)
      if (Buffer.compare(piece, expected) !== 0) return false
      at += expected.byteLength
    }
    const { length } = await reader.drain(10)
    source.close()
    return length === SIZE - at
  }
  await fc.assert(
    fc.asyncProperty(
      lengths,
      async pieces => (await same(pieces, s => s)) && (await same(pieces, piped)),
    ),
    { numRuns: 25, seed: 3 },
  )
  t.pass('every piece and the rest')
})

t.test('a source that is closed while it is read ends', async t => {
  const path = `${t.testdir({})}/bytes`
  writeFileSync(path, bytes)
  const source = await openSource(path)
  const reading = source.fill!(new Uint8Array(SIZE))
  source.close()
  t.equal(await reading, SIZE, 'what was under way is finished')
  t.equal(await source.fill!(new Uint8Array(8)), 0)
})
