import { openSource, type Source } from '../stream/source.js'

/** Enough to know every format by. */
const START = 16

/** A schema that is longer is read as that of a stream. */
const LONGEST_SCHEMA = 1 << 26

/**
 * What can be read only once, with its first bytes looked at (of Arrow, the whole schema), still to
 * be read from the first on.
 */
export const peek = async (path: string): Promise<{ start: Buffer; source: Source }> => {
  const input = await openSource(path)
  const chunks = input[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  const upTo = async (wanted: number): Promise<void> => {
    while (length < wanted) {
      const { done, value } = await chunks.next()
      if (done) break
      first.push(value)
      length += value.byteLength
    }
  }
  await upTo(START)
  await upTo(schemaEnd(Buffer.concat(first)))
  const source: Source = {
    name: input.name,
    close: () => input.close(),
    async *[Symbol.asyncIterator]() {
      yield* first
      yield* { [Symbol.asyncIterator]: () => chunks }
    },
  }
  return { start: Buffer.concat(first), source }
}

/** Where the schema ends that an Arrow stream or file begins with; 0 for anything else. */
const schemaEnd = (start: Buffer): number => {
  if (start.length < START) return 0
  const at = start.toString('latin1', 0, 6) === 'ARROW1' ? 8 : 0
  if (start.readUInt32LE(at) !== 0xffffffff) return 0
  const length = start.readUInt32LE(at + 4)
  return length <= LONGEST_SCHEMA ? at + 8 + length : 0
}
