/**
 * A real signal's power spectrum: |X_k|^2 for k = 0..size/2, `size` a power of two, at least 4. The
 * even samples and the odd ones are the two parts of a complex signal of half the length (Cooley,
 * Lewis & Welch 1970), which is transformed in place, four samples at a time (radix-4 decimation in
 * time); tables are made once for a size.
 */
export function powerSpectrum(size: number): (frame: Float64Array, into: Float64Array) => void {
  const half = size / 2
  const cosines = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size))
  const sines = Float64Array.from({ length: size }, (_, k) => Math.sin((2 * Math.PI * k) / size))
  const reversed = Uint32Array.from({ length: half }, (_, k) => reverse(k, Math.log2(half)))
  const re = new Float64Array(half)
  const im = new Float64Array(half)
  const odd = Math.log2(half) % 2 === 1
  return (frame, into) => {
    for (let k = 0; k < half; k++) {
      const from = 2 * reversed[k]!
      re[k] = frame[from]!
      im[k] = frame[from + 1]!
    }
    if (odd) pairs(re, im)
    for (let quarter = odd ? 2 : 1; quarter < half; quarter *= 4)
      fours(re, im, quarter, cosines, sines)
    powers(re, im, cosines, sines, into)
  }
}

/** Transforms of two neighbours: what is left over where the length is no power of four. */
function pairs(re: Float64Array, im: Float64Array): void {
  for (let at = 0; at < re.length; at += 2) {
    const real = re[at + 1]!
    const imaginary = im[at + 1]!
    re[at + 1] = re[at]! - real
    im[at + 1] = im[at]! - imaginary
    re[at]! += real
    im[at]! += imaginary
  }
}

/** Four transforms of `quarter` points become one, everywhere; the middle two lie swapped. */
function fours(
  re: Float64Array,
  im: Float64Array,
  quarter: number,
  cosines: Float64Array,
  sines: Float64Array,
): void {
  const length = re.length
  const stride = Math.trunc(cosines.length / (4 * quarter))
  for (let k = 0; k < quarter; k++) {
    const c1 = cosines[k * stride]!
    const s1 = sines[k * stride]!
    const c2 = cosines[2 * k * stride]!
    const s2 = sines[2 * k * stride]!
    const c3 = cosines[3 * k * stride]!
    const s3 = sines[3 * k * stride]!
    for (let a = k; a < length; a += 4 * quarter) {
      const c = a + quarter
      const b = c + quarter
      const d = b + quarter
      const br = re[b]! * c1 + im[b]! * s1
      const bi = im[b]! * c1 - re[b]! * s1
      const cr = re[c]! * c2 + im[c]! * s2
      const ci = im[c]! * c2 - re[c]! * s2
      const dr = re[d]! * c3 + im[d]! * s3
      const di = im[d]! * c3 - re[d]! * s3
      const evenR = re[a]! + cr
      const evenI = im[a]! + ci
      const apartR = re[a]! - cr
      const apartI = im[a]! - ci
      const oddR = br + dr
      const oddI = bi + di
      const turnedR = bi - di
      const turnedI = dr - br
      re[a] = evenR + oddR
      im[a] = evenI + oddI
      re[c] = apartR + turnedR
      im[c] = apartI + turnedI
      re[b] = evenR - oddR
      im[b] = evenI - oddI
      re[d] = apartR - turnedR
      im[d] = apartI - turnedI
    }
  }
}

/** The transforms of the even and of the odd samples apart, and the powers of their sum. */
function powers(
  re: Float64Array,
  im: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
  into: Float64Array,
): void {
  const half = re.length
  into[0] = power(re[0]! + im[0]!, 0)
  into[half] = power(re[0]! - im[0]!, 0)
  for (let k = 1; 2 * k <= half; k++) {
    const other = half - k
    const evenR = (re[k]! + re[other]!) / 2
    const evenI = (im[k]! - im[other]!) / 2
    const oddR = (im[k]! + im[other]!) / 2
    const oddI = (re[other]! - re[k]!) / 2
    const turnedR = oddR * cosines[k]! + oddI * sines[k]!
    const turnedI = oddI * cosines[k]! - oddR * sines[k]!
    into[k] = power(evenR + turnedR, evenI + turnedI)
    into[other] = power(evenR - turnedR, evenI - turnedI)
  }
}

const power = (real: number, imaginary: number): number => real * real + imaginary * imaginary

const reverse = (value: number, bits: number): number => {
  let result = 0
  for (let bit = 0; bit < bits; bit++) result = (result << 1) | ((value >> bit) & 1)
  return result
}
