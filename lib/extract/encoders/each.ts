import { PcmError } from '../../error.js'
import type { Raw } from './types.js'

/** Items whose files are read and decoded at the same time (by threads that are not JavaScript's). */
const AT_ONCE = 8

/** Encodes item by item, a few at once; an item's own error takes its place. */
export async function encodeEach<Result>(
  items: readonly Raw[],
  encode: (item: Raw) => Promise<Result>,
): Promise<(Result | PcmError)[]> {
  const results = new Array<Result | PcmError>(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await encode(items[index]!).catch((error: unknown) => {
        if (error instanceof PcmError) return error
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return results
}
