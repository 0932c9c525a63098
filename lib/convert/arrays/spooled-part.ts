import { bytesOf, type Cells } from '../../stream/arrow/cells.js'
import { shapeOf, type ArrayPart } from './parts.js'
import { Spooled } from './spooled.js'

/** One array of a column, gathered from all batches in temporary files. */
export class SpooledPart {
  /** Numbers, or the bytes of texts. */
  readonly bytes: Spooled
  /** Of texts: where each ends (int64), without the 0 in front. */
  readonly ends: Spooled | undefined
  slots = 0
  nulls = 0

  private constructor(
    readonly part: ArrayPart,
    bytes: Spooled,
    ends: Spooled | undefined,
  ) {
    this.bytes = bytes
    this.ends = ends
  }

  static async open(part: ArrayPart): Promise<SpooledPart> {
    const spooled = new SpooledPart(
      part,
      await Spooled.open(),
      part.type === 'text' ? await Spooled.open() : undefined,
    )
    if (part.role === 'offsets') {
      await spooled.bytes.append(new Uint8Array(8))
      spooled.slots = 1
    }
    return spooled
  }

  #end = 0n

  async add(column: Cells): Promise<void> {
    const { slots, bytes, offsets, nulls = 0 } = this.part.take(column)
    this.slots += slots
    this.nulls += nulls
    if (offsets) await (this.ends ?? this.bytes).append(bytesOf(this.#endsAfter(offsets)))
    if (this.part.role !== 'offsets') await this.bytes.append(bytes)
  }

  get shape(): number[] {
    return shapeOf(this.part, this.slots)
  }

  async close(): Promise<void> {
    await this.bytes.close()
    await this.ends?.close()
  }

  /** Offsets within a batch as ends within the whole. */
  #endsAfter(offsets: Int32Array): BigInt64Array {
    const ends = new BigInt64Array(offsets.length - 1)
    const before = this.#end
    for (let i = 0; i < ends.length; i++) ends[i] = before + BigInt(offsets[i + 1]!)
    if (ends.length > 0) this.#end = ends.at(-1)!
    return ends
  }
}
