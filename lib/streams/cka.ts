import type { Batch } from '../stream/batch.js'
import type { ModalityColumn, ModalityField } from '../stream/types.js'

/** How alike two modalities see the same items. */
export interface CkaInfo {
  a: string
  b: string
  /** Rows that have both. */
  rows: number
  /** From 0 to 1; undefined where fewer than two rows have both, or one side does not vary. */
  cka: number | undefined
}

/**
 * Linear CKA of every pair of modalities with vectors, over the rows that have both (Kornblith et al.
 * 2019; METHODS 3.16): ||X^T Y||^2 / (||X^T X|| ||Y^T Y||) of centred X and Y, Frobenius norms. Of
 * several views or tokens an item has their mean. Needs memory for the products, and none for rows.
 */
export function openCka(fields: readonly ModalityField[]) {
  const vectors = fields.filter(({ layout }) => layout !== 'category')
  const pairs = vectors.flatMap((a, i) => vectors.slice(i + 1).map(b => new Pair(a, b)))
  return {
    add(batch: Batch): void {
      const seen = new Map(
        vectors.map(({ name, dim }) => [name, itemVectors(batch.modality(name), dim, batch.rows)]),
      )
      for (const pair of pairs) pair.add(seen.get(pair.a.name)!, seen.get(pair.b.name)!)
    },
    end: (): CkaInfo[] => pairs.map(pair => pair.end()),
  }
}

interface Seen {
  values: Float64Array
  /** Which rows have at least one vector. */
  there: Uint8Array
}

/** Rows whose products are added at once, which passes over the sums once for all of them. */
const AT_ONCE = 4

/** Sums over the rows that have both sides, less the first of them, so that little cancels out. */
class Pair {
  private rows = 0
  private readonly width: number
  /** Rows that wait for their products, the later ones behind. */
  private readonly waiting: Float64Array
  private first: Float64Array | undefined
  private readonly sums: Float64Array
  /** Products of the two vectors one behind the other with themselves, lower half. */
  private readonly products: Float64Array

  constructor(
    readonly a: ModalityField,
    readonly b: ModalityField,
  ) {
    this.width = a.dim + b.dim
    this.waiting = new Float64Array(AT_ONCE * this.width)
    this.sums = new Float64Array(this.width)
    this.products = new Float64Array(this.width ** 2)
  }

  add(x: Seen, y: Seen): void {
    const { a, b, width, sums, waiting } = this
    for (let r = 0; r < x.there.length; r++) {
      if (!x.there[r] || !y.there[r]) continue
      const at = (this.rows % AT_ONCE) * width
      waiting.set(x.values.subarray(r * a.dim, (r + 1) * a.dim), at)
      waiting.set(y.values.subarray(r * b.dim, (r + 1) * b.dim), at + a.dim)
      this.first ??= waiting.slice(0, width)
      for (let i = 0; i < width; i++) sums[i]! += waiting[at + i]! -= this.first[i]!
      if (++this.rows % AT_ONCE === 0) this.multiply()
    }
  }

  /** Adds the products of the rows that wait. */
  private multiply(): void {
    const { width, waiting, products } = this
    const row = (r: number): Float64Array => waiting.subarray(r * width, (r + 1) * width)
    const [p, q, r, s] = [row(0), row(1), row(2), row(3)]
    for (let i = 0; i < width; i++) {
      const [u, v, w, x] = [p[i]!, q[i]!, r[i]!, s[i]!]
      const own = products.subarray(i * width, i * width + i + 1)
      for (let j = 0; j <= i; j++) own[j]! += u * p[j]! + v * q[j]! + w * r[j]! + x * s[j]!
    }
    waiting.fill(0)
  }

  end(): CkaInfo {
    this.multiply()
    const { a, b, rows, width, sums, products } = this
    const squares = (from: [number, number], to: [number, number]): number => {
      let sum = 0
      for (let i = from[0]; i < from[1]; i++)
        for (let j = to[0]; j < to[1]; j++) {
          const at = i > j ? i * width + j : j * width + i
          sum += (products[at]! - (sums[i]! * sums[j]!) / rows) ** 2
        }
      return sum
    }
    const [x, y]: [number, number][] = [
      [0, a.dim],
      [a.dim, width],
    ]
    const spread = Math.sqrt(squares(x!, x!) * squares(y!, y!))
    const cka = rows < 2 || !(spread > 0) ? undefined : squares(x!, y!) / spread
    return { a: a.name, b: b.name, rows, cka }
  }
}

/** The vector of each row, or the mean of its vectors. */
function itemVectors(column: ModalityColumn, dim: number, rows: number): Seen {
  if (column.layout === 'category') throw new Error('a category has no vectors')
  const { values, present, layout } = column
  const means = new Float64Array(rows * dim)
  const there = new Uint8Array(rows)
  for (let r = 0; r < rows; r++) {
    const [from, to] =
      layout === 'vector'
        ? [r, r + 1]
        : layout === 'views-of-tokens'
          ? [column.viewOffsets[column.offsets[r]!]!, column.viewOffsets[column.offsets[r + 1]!]!]
          : [column.offsets[r]!, column.offsets[r + 1]!]
    if (!present[r] || to === from) continue
    there[r] = 1
    for (let v = from; v < to; v++)
      for (let j = 0; j < dim; j++) means[r * dim + j]! += values[v * dim + j]! / (to - from)
  }
  return { values: means, there }
}
