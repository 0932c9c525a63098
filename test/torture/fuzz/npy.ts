/** A .npy file of version 1 whose every byte of data is 0x3f: numbers near 0.7 or 0.0005. */
export const npyOf = (descr: string, shape: string, bytes: number): Uint8Array =>
  Buffer.concat([npyHeader(descr, shape), Buffer.alloc(bytes, 0x3f)])

/** What stands before the data, 128 bytes or more. */
export const npyHeader = (descr: string, shape: string): Uint8Array => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`
  const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${header.padEnd(117)}\n`, 'latin1')
  head.writeUInt16LE(head.length - 10, 8)
  return head
}

/** The length of the header up to its line end, wherever that has gone. */
export const withNpyLength = (bytes: Uint8Array): Uint8Array => {
  const out = Buffer.from(bytes)
  const end = out.indexOf('\n', 10)
  if (end > 0 && end < 65_000) out.writeUInt16LE(end - 9, 8)
  return out
}
