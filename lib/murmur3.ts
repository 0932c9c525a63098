/**
 * MurmurHash3 x86 32-bit (Austin Appleby, public domain), the hash of ngram, of --split and of
 * --shots: small, fast and the same in every language that has it. Of the bytes from `start` to
 * `end`; of all by default.
 */
export function murmur3(bytes: Uint8Array, seed: number, start = 0, end = bytes.length): number {
  const blocks = end - ((end - start) & 3)
  let hash = seed | 0
  for (let at = start; at < blocks; at += 4) {
    const block =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash ^= mix(block)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = end - 1; at >= blocks; at--) tail = (tail << 8) | bytes[at]!
  if (end > blocks) hash ^= mix(tail)
  hash ^= end - start
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const mix = (block: number): number => {
  const scrambled = Math.imul(block, 0xcc9e2d51)
  return Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593)
}
