/** What the first bytes of something that is no Arrow stream give away, and what to do then. */
export const describeStart = (start: Uint8Array): { found: string; hint?: string } | undefined => {
  for (const { magic, found, hint } of FORMATS)
    if (magic.every((byte, i) => start[i] === byte)) return { found, hint }
  if (start.subarray(0, 4).every(byte => byte === 0xff)) return undefined
  const isText = start.every(byte => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13))
  const hint = 'pcm-extract turns manifests and arrays into a stream'
  return isText ? { found: 'text', hint } : { found: 'unknown format', hint }
}

const ascii = (text: string) => [...Buffer.from(text, 'latin1')]

const FORMATS = [
  { magic: [0x1f, 0x8b], found: 'compressed by gzip', hint: 'pipe it through: gzip -d' },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    found: 'compressed by zstd',
    hint: 'pipe it through: zstd -d',
  },
  { magic: ascii('PAR1'), found: 'a Parquet file', hint: 'read it with pcm-extract' },
  { magic: ascii('\x93NUMPY'), found: 'a NumPy array', hint: 'read it with pcm-extract' },
  { magic: ascii('PK\x03\x04'), found: 'a zip archive', hint: 'read it with pcm-extract' },
  { magic: ascii('MATLAB'), found: 'a MATLAB file', hint: 'read it with pcm-extract' },
]
