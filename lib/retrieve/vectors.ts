/** `count` unit vectors of `dim` numbers, row-major. */
export interface Vectors {
  count: number
  dim: number
  values: Float32Array
}

/** The vectors of the given indices, in that order. */
export const pick = ({ dim, values }: Vectors, indices: Int32Array): Vectors => {
  const picked = new Float32Array(indices.length * dim)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * dim
    picked.set(values.subarray(from, from + dim), i * dim)
  }
  return { count: indices.length, dim, values: picked }
}
