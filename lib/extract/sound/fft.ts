/**
 * A real signal's power spectrum: |X_k|^2 for k = 0..size/2, `size` a power of two. In-place
 * radix-2 decimation in time (Cooley & Tukey 1965); tables are made once for a size.
 */
export function powerSpectrum(size: number): (frame: Float64Array, into: Float64Array) => void {
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) =>
    Math.cos((2 * Math.PI * k) / size),
  )
  const sines = Float64Array.from({ length: size / 2 }, (_, k) =>
    Math.sin((2 * Math.PI * k) / size),
  )
  const bits = Math.log2(size)
  const reversed = Uint32Array.from({ length: size }, (_, k) => reverse(k, bits))
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  return (frame, into) => {
    for (let k = 0; k < size; k++) re[k] = frame[reversed[k]!] ?? 0
    im.fill(0)
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half)
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k
          const b = a + half
          const cosine = cosines[k * stride]!
          const sine = sines[k * stride]!
          const real = re[b]! * cosine + im[b]! * sine
          const imaginary = im[b]! * cosine - re[b]! * sine
          re[b] = re[a]! - real
          im[b] = im[a]! - imaginary
          re[a]! += real
          im[a]! += imaginary
        }
      }
    }
    for (let k = 0; k <= size / 2; k++) into[k] = re[k]! * re[k]! + im[k]! * im[k]!
  }
}

const reverse = (value: number, bits: number): number => {
  let result = 0
  for (let bit = 0; bit < bits; bit++) result = (result << 1) | ((value >> bit) & 1)
  return result
}
