import { murmur3 } from '../../murmur3.js'

interface Drawn {
  ticket: number
  row: number
  unit: Float64Array
}

/**
 * Draws n rows of each class: those whose ids hash lowest (murmur3 of `shots`, a zero byte and the
 * id, with the seed), the first ones among equals. So the draw does not depend on the order of rows
 * of different ids, and memory is for n vectors a class.
 */
export class Draw {
  private readonly kept = new Map<string, Drawn[]>()
  private offered = 0

  constructor(
    private readonly n: number,
    private readonly seed: number,
  ) {}

  /** Offers a row; the array may be used again. */
  add(name: string, unit: Float64Array, id: string): void {
    const drawn = this.kept.get(name) ?? []
    if (drawn.length === 0) this.kept.set(name, drawn)
    const row = this.offered++
    const ticket = murmur3(Buffer.from(`shots\0${id}`), this.seed)
    const last = drawn.at(-1)
    if (drawn.length === this.n && ticket >= last!.ticket) return
    let place = drawn.length
    while (place > 0 && drawn[place - 1]!.ticket > ticket) place--
    drawn.splice(place, 0, { ticket, row, unit: unit.slice() })
    if (drawn.length > this.n) drawn.pop()
  }

  /** What was drawn: classes in order of appearance, the rows of each in the order they came. */
  *rows(): Generator<{ name: string; unit: Float64Array }> {
    for (const [name, drawn] of this.kept)
      for (const { unit } of drawn.toSorted((a, b) => a.row - b.row)) yield { name, unit }
  }

  /** Classes that had fewer than n rows. */
  short(): number {
    return [...this.kept.values()].filter(({ length }) => length < this.n).length
  }
}
