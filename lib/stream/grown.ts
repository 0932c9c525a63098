type Numbers = Float32Array | Int32Array | Uint8Array

/** A typed array that grows at its end; its memory doubles when it is full. */
export class Grown<T extends Numbers> {
  #array: T
  length: number

  constructor(start: T) {
    this.#array = start
    this.length = start.length
  }

  /** Appends the numbers, each plus `shift`. */
  push(numbers: T, shift = 0): void {
    const length = this.length + numbers.length
    if (length > this.#array.length) this.#grow(length)
    this.#array.set(numbers, this.length)
    if (shift !== 0) for (let i = this.length; i < length; i++) this.#array[i]! += shift
    this.length = length
  }

  /** The numbers so far, not copied. */
  view(): T {
    return this.#array.subarray(0, this.length) as T
  }

  #grow(least: number): void {
    const size = Math.max(least, 2 * this.#array.length)
    const larger = new (this.#array.constructor as new (size: number) => T)(size)
    larger.set(this.view())
    this.#array = larger
  }
}
