import { PcmError } from '../../lib/error.js'
import type { NumericArray } from '../../lib/formats/array.js'

/** All numbers of an array, row by row. */
export async function numbersOf(array: NumericArray): Promise<number[]> {
  const values = new Float64Array(array.rows * array.dim)
  if (values.length > 0) await array.read(0, values)
  return [...values]
}

/** True where `work` ends well or with bad data: whatever bytes it is fed, nothing else is allowed. */
export async function isCivil(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof PcmError && error.exit === 65 && !error.message.includes('\n')) return true
    throw error
  }
}

/** The bytes with some of them changed, and perhaps the end cut off: what a broken disk leaves. */
export function damage(
  bytes: Uint8Array,
  { at, to, keep }: { at: readonly number[]; to: readonly number[]; keep: number },
): Uint8Array {
  const damaged = Uint8Array.from(bytes)
  at.forEach((place, index) => {
    damaged[place % damaged.length] = to[index % to.length]!
  })
  return damaged.subarray(0, Math.ceil(keep * damaged.length))
}

export async function* once(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part as Uint8Array)
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
