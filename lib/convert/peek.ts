import { openSource, type Source } from '../stream/source.js'

/** Enough to know every format by. */
const START = 16

/** What can be read only once, with its first bytes looked at, still to be read from the first on. */
export const peek = async (path: string): Promise<{ start: Uint8Array; source: Source }> => {
  const input = await openSource(path)
  const chunks = input[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < START) {
    const { done, value } = await chunks.next()
    if (done) break
    first.push(value)
    length += value.byteLength
  }
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
