/** Euclidean norms of the vectors of a column. */
export interface Norms {
  vectors: number
  min: number
  mean: number
  max: number
}

/** Counts vectors of `dim` numbers and their norms; those of absent rows are left out. */
export const openNorms = (dim: number) => {
  let vectors = 0
  let sum = 0
  let min = Infinity
  let max = 0
  return {
    /** @param values (vectors x dim); present has one byte a vector */
    add(values: Float32Array, present?: Uint8Array): void {
      for (let vector = 0, at = 0; at < values.length; vector++, at += dim) {
        if (present && present[vector] === 0) continue
        let square = 0
        for (let i = at; i < at + dim; i++) square += values[i]! * values[i]!
        const norm = Math.sqrt(square)
        vectors++
        sum += norm
        if (norm < min) min = norm
        if (norm > max) max = norm
      }
    },
    end: (): Norms | undefined =>
      vectors > 0 ? { vectors, min, mean: sum / vectors, max } : undefined,
  }
}
