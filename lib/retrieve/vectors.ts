/** `count` unit vectors of `dim` numbers, row-major. */
export interface Vectors {
  count: number
  dim: number
  values: Float32Array
}
