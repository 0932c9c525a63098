import { normalise, rowUnit } from '../retrieve/unit.js'
import type { Vectors } from '../retrieve/vectors.js'
import type { ModalityColumn } from '../stream/types.js'

/** One unit vector a class. */
export interface Prototypes {
  /** The names of the classes, in order of appearance. */
  names: string[]
  vectors: Vectors
  /** Rows they were made of. */
  rows: number
  /** Classes whose vectors cancel out (norm below 1e-6): the first one stands. */
  opposed: number
}

interface Sum {
  /** All vectors so far are the first one. */
  same: boolean
  first: Float64Array
  sum: Float64Array
}

/**
 * Gathers prototypes: rownorm(mean of the unit vectors of a class), where a row with views gives
 * their unit mean (METHODS 1.5). Vectors that are all the same are taken as they are.
 */
export class PrototypeBuilder {
  private readonly sums = new Map<string, Sum>()
  private readonly unit: Float64Array
  private rows = 0

  constructor(private readonly dim: number) {
    this.unit = new Float64Array(dim)
  }

  /** Adds the rows of a column of unit vectors; rows without a class or without a vector do not count. */
  add(column: ModalityColumn, classOf: (row: number) => string | null): void {
    for (let row = 0; row < column.present.length; row++) {
      const name = classOf(row)
      if (name === null || rowUnit(column, row, this.unit) === 'absent') continue
      this.rows++
      const sum = this.sums.get(name)
      if (!sum) {
        this.sums.set(name, { same: true, first: this.unit.slice(), sum: this.unit.slice() })
        continue
      }
      if (sum.same) sum.same = isSame(sum.first, this.unit)
      for (let i = 0; i < this.dim; i++) sum.sum[i]! += this.unit[i]!
    }
  }

  finish(): Prototypes {
    const values = new Float32Array(this.sums.size * this.dim)
    let opposed = 0
    let at = 0
    for (const { same, first, sum } of this.sums.values()) {
      const sound = same || normalise(sum)
      if (!sound) opposed++
      values.set(same || !sound ? first : sum, at)
      at += this.dim
    }
    return {
      names: [...this.sums.keys()],
      vectors: { count: this.sums.size, dim: this.dim, values },
      rows: this.rows,
      opposed,
    }
  }
}

const isSame = (a: Float64Array, b: Float64Array): boolean => a.every((x, i) => x === b[i])
