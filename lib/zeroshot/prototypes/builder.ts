import { normalise } from '../../retrieve/unit.js'
import type { Prototypes } from './prototypes.js'

interface Sum {
  rows: number
  /** All vectors so far are the first one. */
  same: boolean
  first: Float64Array
  sum: Float64Array
}

/**
 * Gathers prototypes: rownorm(mean of the unit vectors of a class) (METHODS 1.5). Vectors that are
 * all the same are taken as they are.
 */
export class PrototypeBuilder {
  private readonly sums = new Map<string, Sum>()

  constructor(private readonly dim: number) {}

  /** Adds a unit vector; the array may be used again. */
  add(name: string, unit: Float64Array): void {
    const sum = this.sums.get(name)
    if (!sum) {
      this.sums.set(name, { rows: 1, same: true, first: unit.slice(), sum: unit.slice() })
      return
    }
    sum.rows++
    if (sum.same) sum.same = isSame(sum.first, unit)
    for (let i = 0; i < this.dim; i++) sum.sum[i]! += unit[i]!
  }

  finish(): Prototypes {
    const sums = [...this.sums.values()]
    const values = new Float32Array(sums.length * this.dim)
    let opposed = 0
    sums.forEach(({ same, first, sum }, at) => {
      const sound = same || normalise(sum)
      if (!sound) opposed++
      values.set(same || !sound ? first : sum, at * this.dim)
    })
    return {
      names: [...this.sums.keys()],
      vectors: { count: sums.length, dim: this.dim, values },
      rows: Int32Array.from(sums, ({ rows }) => rows),
      opposed,
    }
  }
}

const isSame = (a: Float64Array, b: Float64Array): boolean => a.every((x, i) => x === b[i])
