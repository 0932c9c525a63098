import type { Tensor } from '@tensorflow/tfjs'

/** What leaves and enters an engine: plain typed arrays. */
export type Numbers = Float32Array | Int32Array

export interface Spec {
  shape: number[]
  dtype: 'float32' | 'int32'
}

export type Tensors = Record<string, Tensor>

/**
 * A computation written once, in plain TensorFlow.js operations. Shapes are static. `step` is pure:
 * whatever changes from call to call (learning rate, masks, noise) is an input, never a value read
 * from a tensor and never `tf.random*`.
 */
export interface Program {
  name: string
  /** Names of the state it reads (all of them where left out). */
  inputs: Record<string, Spec>
  step(given: { state: Tensors; inputs: Tensors }): {
    /** New values of some of the state; what is not named stays as it was. */
    state?: Tensors
    outputs: Tensors
  }
}

/** Tensors that stay where the engine keeps them: weights, optimiser moments, queues, a gallery. */
export interface State {
  readonly specs: Record<string, Spec>
  read(name: string): Promise<Numbers>
  write(name: string, values: Numbers): void
  dispose(): void
}

export interface Compiled {
  /**
   * Runs once. Outputs are fresh arrays that the caller owns, but those that `into` has an array
   * for, of the output's size, are written there. Calls must not overlap.
   */
  run(
    inputs: Record<string, Numbers>,
    into?: Record<string, Numbers>,
  ): Promise<Record<string, Numbers>>
  dispose(): void
}

export interface ProductSize {
  rows: number
  columns: number
  dim: number
}

/** `rows` x `dim` numbers by `columns` x `dim` numbers, row by row: inner products in float32. */
export interface Product {
  /** into[r, c] = sum over i of left[r, i] * right[c, i]. Calls must not overlap. */
  run(left: Float32Array, right: Float32Array, into: Float32Array): Promise<void>
  dispose(): void
}

/** `rows` x `dim` codes by `dim` x `columns` codes: products of 8-bit integers, summed exactly. */
export interface IntegerProduct {
  /**
   * into[r, c] = scales[c] * sum over i of (left[r, i] - zero) * right[i, c]: the sum in int32, then
   * one conversion and one multiplication in float32.
   * @param left (rows x dim), from zero - most to zero + most
   * @param right (dim x columns), from -127 to 127
   */
  run(left: Uint8Array, right: Int8Array, scales: Float32Array, into: Float32Array): Promise<void>
  /** What stands for 0 on the left side, and how far from it codes may be. */
  readonly zero: number
  readonly most: number
  dispose(): void
}

/** Where arithmetic happens. Above this nobody knows which engine runs. */
export interface Engine {
  readonly name: 'onnx' | 'js' | 'tensorflow' | 'webgpu'
  /** For people and for the provenance: `onnx (onnxruntime-node 1.30.0, 2 threads)`. */
  readonly description: string
  readonly threads: number
  /**
   * Bytes that stay close to the arithmetic: what is worked on in one go had better fit. Absent where
   * larger is better.
   */
  readonly cache?: number
  state(initial: Record<string, { shape: number[]; values: Numbers }>): State
  compile(program: Program, state: State): Promise<Compiled>
  /** Absent where a program is as quick: this one needs no trace, and so no TensorFlow.js. */
  product?(size: ProductSize): Promise<Product>
  /** Undefined, or absent, where there is none that is both exact and quicker than float32. */
  integerProduct?(size: ProductSize): Promise<IntegerProduct | undefined>
  dispose(): Promise<void>
}
