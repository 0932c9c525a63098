/** A .npy file of version 1 whose every byte of data is 0x3f: numbers near 0.7 or 0.0005. */
export const npyOf = (descr: string, shape: string, bytes: number): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`
  const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${header.padEnd(117)}\n`, 'latin1')
  head.writeUInt16LE(118, 8)
  return Buffer.concat([head, Buffer.alloc(bytes, 0x3f)])
}

/** The length of the header up to its line end, wherever that has gone. */
export const withNpyLength = (bytes: Uint8Array): Uint8Array => {
  const out = Buffer.from(bytes)
  const end = out.indexOf('\n', 10)
  if (end > 0 && end < 65_000) out.writeUInt16LE(end - 9, 8)
  return out
}
