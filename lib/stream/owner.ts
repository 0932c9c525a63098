/** The row whose range of `offsets` holds position `at`; rows with an empty range own nothing. */
export const owner = (offsets: Int32Array, at: number): number => {
  let low = 0
  let high = offsets.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (offsets[middle]! <= at) low = middle
    else high = middle
  }
  return low
}
