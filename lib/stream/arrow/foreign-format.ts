/** What the first bytes of something that is no Arrow stream give away, and what to do then. */
export const describeStart = (start: Uint8Array): { found: string; hint?: string } | undefined => {
  for (const { magic, found, hint } of FORMATS)
    if (magic.every((byte, i) => start[i] === byte)) return { found, hint }
  if (start.subarray(0, 4).every(byte => byte === 0xff)) return undefined
  const isText = start.every(byte => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13))
  return isText ? { found: 'text', hint: HINT } : { found: 'unknown format', hint: HINT }
}

/** What turns vectors that somebody has into a stream, and raw data. */
const HINT = 'pcm-convert turns tables and arrays into a stream, pcm-extract raw data'

const ascii = (text: string) => [...Buffer.from(text, 'latin1')]

const FORMATS = [
  { magic: [0x1f, 0x8b], found: 'compressed by gzip', hint: 'pipe it through: gzip -d' },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    found: 'compressed by zstd',
    hint: 'pipe it through: zstd -d',
  },
  { magic: ascii('PAR1'), found: 'a Parquet file', hint: HINT },
  { magic: ascii('\x93NUMPY'), found: 'a NumPy array', hint: HINT },
  { magic: ascii('PK\x03\x04'), found: 'a zip archive', hint: HINT },
  { magic: ascii('MATLAB'), found: 'a MATLAB file', hint: 'read it with pcm-extract' },
]
