/** Room that one number may need: sign, nine digits, point, zeros, `e-45`. */
export const LONGEST_DECIMAL = 24

/**
 * Writes a finite float32 as the shortest decimal that reads back as the same float32 (at most nine
 * digits), in the notation of JavaScript. Returns where it ends.
 */
export const writeDecimal = (value: number, into: Uint8Array, start: number): number => {
  let at = start
  if (value < 0 || Object.is(value, -0)) into[at++] = MINUS
  const size = Math.abs(value)
  // Outside of this numbers are seldom, and need an exponent or more than one rounding.
  if (size !== 0 && (size < 1e-6 || size >= 1e9)) return writeText(shortest(size), into, at)
  const whole = Math.trunc(size)
  if (whole === size) return writeDigits(whole, lengthOf(whole), into, at)
  const exponent = exponentOf(size)
  for (let count = 7; count < 9; count++) {
    const places = count - 1 - exponent
    const power = POWERS[places]!
    const digits = Math.round(size * power)
    if (Math.fround(digits / power) === size) return writeScaled(digits, places, into, at)
  }
  const places = 8 - exponent
  return writeScaled(Math.round(size * POWERS[places]!), places, into, at)
}

const MINUS = 45
const POINT = 46
const ZERO = 48

/** Exact in double precision, so a product with one of them is rounded once. */
const POWERS = Float64Array.from({ length: 16 }, (_, power) => 10 ** power)

/** The decimal exponent of a number from 1e-6 to 1e9: 10^e <= size < 10^(e+1). */
const exponentOf = (size: number): number => {
  if (size >= 1) return lengthOf(Math.trunc(size)) - 1
  let exponent = -1
  while (size * POWERS[-exponent]! < 1) exponent--
  return exponent
}

/** Digits of a whole number below 10^9. */
const lengthOf = (whole: number): number => {
  let length = 1
  while (whole >= POWERS[length]!) length++
  return length
}

/** `digits` / 10^places, where the digits are less than 10^9; without the zeros at the end. */
const writeScaled = (digits: number, places: number, into: Uint8Array, at: number): number => {
  let rest = digits | 0
  let after = places
  while (after > 0 && rest % 10 === 0) {
    rest = (rest / 10) | 0
    after--
  }
  const length = lengthOf(rest)
  if (length <= after) {
    into[at] = ZERO
    into[at + 1] = POINT
    return writeDigits(rest, after, into, at + 2)
  }
  // All digits one place too far to the right; then the whole ones come back before the point.
  const end = writeDigits(rest, length, into, at + (after > 0 ? 1 : 0))
  if (after === 0) return end
  into.copyWithin(at, at + 1, end - after)
  into[end - after - 1] = POINT
  return end
}

/** The last `count` digits, zeros in front. */
const writeDigits = (whole: number, count: number, into: Uint8Array, at: number): number => {
  let rest = whole | 0
  for (let i = at + count - 1; i >= at; i--) {
    const tens = (rest / 10) | 0
    into[i] = ZERO + (rest - tens * 10)
    rest = tens
  }
  return at + count
}

const writeText = (text: string, into: Uint8Array, at: number): number => {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i)
  return at + text.length
}

const shortest = (size: number): string => {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(size.toPrecision(digits)))
    if (Math.fround(Number(text)) === size) return text
  }
  return String(Number(size.toPrecision(9)))
}
