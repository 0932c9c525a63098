/**
 * What a sequence of frames is like as a whole: mean and standard deviation of each of `width`
 * values over time, then the same of their deltas (the slope of a line through five frames, as in
 * HTK; the ends repeat), one part after the other. `parts` cuts the sequence into pieces of equal
 * length first, which keeps some of its order. parts x 4 x width numbers.
 */
export function statistics(frames: Float64Array, width: number, parts: number): Float32Array {
  const count = frames.length / width
  const slopes = deltas(frames, width)
  const result = new Float32Array(parts * 4 * width)
  for (let part = 0; part < parts; part++) {
    // A sequence shorter than its parts gives some of them the same frame.
    const start = Math.min(Math.floor((part * count) / parts), count - 1)
    const end = Math.max(Math.floor(((part + 1) * count) / parts), start + 1)
    for (let at = 0; at < width; at++) {
      const to = part * 4 * width + at
      const value = moments(frames, width, at, start, end)
      const slope = moments(slopes, width, at, start, end)
      result[to] = value.mean
      result[to + width] = value.deviation
      result[to + 2 * width] = slope.mean
      result[to + 3 * width] = slope.deviation
    }
  }
  return result
}

const moments = (values: Float64Array, width: number, at: number, start: number, end: number) => {
  let sum = 0
  for (let frame = start; frame < end; frame++) sum += values[frame * width + at]!
  const mean = sum / (end - start)
  let square = 0
  for (let frame = start; frame < end; frame++) {
    const off = values[frame * width + at]! - mean
    square += off * off
  }
  return { mean, deviation: Math.sqrt(square / (end - start)) }
}

function deltas(frames: Float64Array, width: number): Float64Array {
  const last = frames.length / width - 1
  const result = new Float64Array(frames.length)
  for (let frame = 0; frame <= last; frame++) {
    const after = Math.min(frame + 1, last) * width
    const before = Math.max(frame - 1, 0) * width
    const farAfter = Math.min(frame + 2, last) * width
    const farBefore = Math.max(frame - 2, 0) * width
    for (let at = 0; at < width; at++) {
      const near = frames[after + at]! - frames[before + at]!
      const far = frames[farAfter + at]! - frames[farBefore + at]!
      result[frame * width + at] = (near + 2 * far) / 10
    }
  }
  return result
}
