/** Numbers in a shape, row by row. */
export interface Tensor {
  dims: readonly number[]
  values: Float32Array
}

/** One network, whatever runs it: a float tensor in, a float tensor out. */
export interface Network {
  /** Lengths of the input's axes; undefined where any length will do. */
  shape: readonly (number | undefined)[]
  /** True where a new shape is a new compilation: batches are then filled up to one length. */
  fixed?: boolean
  /** True where the input takes whole numbers: the bytes of a picture as they are. */
  integers?: boolean
  run(input: Tensor): Promise<Tensor>
  close(): Promise<void>
}
