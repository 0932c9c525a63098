import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { unpack } from '../../lib/stream/arrow/unpack.js'
import { root } from '../sandbox.js'

/** A buffer as a compressed body has it. */
const buffer = (length: number, packed: Uint8Array): Uint8Array => {
  const bytes = Buffer.alloc(8 + packed.byteLength)
  bytes.writeBigInt64LE(BigInt(length))
  bytes.set(packed, 8)
  return bytes
}

t.test('a compressed buffer is exactly as long as it claims, or refused', async t => {
  const text = 'hello'.repeat(100)
  for (const compression of ['lz4', 'zstd'] as const) {
    const packed = readFileSync(join(root, `test/stream/samples/hello.${compression}`))
    t.equal(Buffer.from(unpack(buffer(500, packed), compression)).toString(), text, compression)
    for (const length of [1, 499, 501, 5000, 2 ** 40, -2])
      t.throws(
        () => unpack(buffer(length, packed), compression),
        { message: /damaged/ },
        `${length}`,
      )
    for (let end = 0; end < packed.byteLength - 4; end++)
      t.throws(() => unpack(buffer(500, packed.subarray(0, end)), compression), {
        message: /damaged/,
      })
  }
  t.same([...unpack(buffer(-1, Uint8Array.of(1, 2)), 'lz4')], [1, 2], 'some lie as they are')
})
