import { PcmError } from '../../error.js'
import type { Raw } from './types.js'

/** Items whose files are read and decoded at the same time (by threads that are not JavaScript's). */
const AT_ONCE = 8

/** Encodes item by item, a few at once; an item's own error takes its place. */
export async function encodeEach(
  items: readonly Raw[],
  encode: (item: Raw) => Promise<Float32Array>,
): Promise<(Float32Array | PcmError)[]> {
  const results = new Array<Float32Array | PcmError>(items.length)
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
