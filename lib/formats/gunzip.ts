import { gunzipSync } from 'node:zlib'
import { badData } from '../error.js'

/** 1 GiB: what unpacks to more is a mistake or a bomb. */
const MOST_BYTES = 2 ** 30

/** Unpacks gzip into memory, or bad data (65) where it is damaged, cut short or larger than `most`. */
export function gunzipBounded(bytes: Uint8Array, name: string, most = MOST_BYTES): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: most })
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw badData(`${name}: gzip that cannot be unpacked: ${said}`, undefined, error)
  }
}
