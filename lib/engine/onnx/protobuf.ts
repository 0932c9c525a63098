/**
 * The little of protocol buffers that writing an ONNX file takes: varints and length-delimited
 * fields (https://protobuf.dev/programming-guides/encoding). Parts are joined once, at the end.
 */
export class Message {
  private readonly parts: Uint8Array[] = []
  private length = 0

  int(field: number, value: number): this {
    return this.push(Uint8Array.from([...varint(field << 3), ...varint(value)]))
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.push(Uint8Array.from(varint((field << 3) | 5))).push(bytes)
  }

  bytes(field: number, value: Uint8Array): this {
    return this.push(
      Uint8Array.from([...varint((field << 3) | 2), ...varint(value.byteLength)]),
    ).push(value)
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode())
  }

  encode(): Uint8Array {
    const out = new Uint8Array(this.length)
    let at = 0
    for (const part of this.parts) {
      out.set(part, at)
      at += part.byteLength
    }
    return out
  }

  private push(part: Uint8Array): this {
    this.parts.push(part)
    this.length += part.byteLength
    return this
  }
}

/** Base-128, least significant group first; negative numbers as 64-bit two's complement. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  out.push(Number(rest))
  return out
}
