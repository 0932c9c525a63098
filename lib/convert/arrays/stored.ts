import type { PartType } from './parts.js'

/** One array of a file that a pcm program wrote, read some rows at a time. */
export interface StoredArray {
  /** For messages. */
  name: string
  type: PartType
  shape: readonly number[]
  /** The bytes of `count` slots from `first` on; for texts of NumPy their UTF-32. */
  read(first: number, count: number): Promise<Buffer>
  /** Bytes a slot of NumPy's texts. */
  textBytes?: number
}

/** The arrays of such a file, by name. */
export interface StoredArrays {
  name: string
  metadata: ReadonlyMap<string, string>
  arrays: ReadonlyMap<string, StoredArray>
  close(): Promise<void>
}
