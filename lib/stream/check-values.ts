import { badData } from '../error.js'

/** Norms of unit vectors may be off by so much; halves carry three digits only. */
const TOLERANCE = { float32: 1e-3, float16: 1e-2 }

/**
 * Refuses NaN and infinite values and, in unit columns, vectors whose norm is not 1.
 * @param values (vectors x dim), row-major
 * @param row names the row that vector v belongs to; undefined where the row is absent
 */
export const checkValues = (
  values: Float32Array,
  { dim, unit, float }: { dim: number; unit: boolean; float: 'float32' | 'float16' },
  row: (vector: number) => string | undefined,
): void => {
  const all = { from: 0, to: dim === 0 ? 0 : values.length / dim, tolerance: TOLERANCE[float] }
  const sound = unit ? firstNotUnit(values, dim, all) < 0 : allFinite(values)
  if (sound) return
  for (let v = 0; v * dim < values.length; v++) {
    const norm = Math.sqrt(squared(values, v * dim, (v + 1) * dim))
    if (unit ? Math.abs(norm - 1) <= TOLERANCE[float] : Number.isFinite(norm)) continue
    const where = row(v)
    if (where === undefined) continue
    const vector = values.subarray(v * dim, (v + 1) * dim)
    const bad = vector.findIndex(value => !Number.isFinite(value))
    throw bad >= 0
      ? badData(`${where}: value ${bad} is ${vector[bad]}, expected a finite number`)
      : badData(`${where}: norm ${norm.toPrecision(4)}, expected 1 (pcm.unit)`)
  }
}

/** A finite number times zero is zero, anything else is NaN: one pass without a branch. */
export const allFinite = (values: Float32Array): boolean => {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  const four = values.length & ~3
  for (let i = 0; i < four; i += 4) {
    a += values[i]! * 0
    b += values[i + 1]! * 0
    c += values[i + 2]! * 0
    d += values[i + 3]! * 0
  }
  for (let i = four; i < values.length; i++) a += values[i]! * 0
  return a + b + c + d === 0
}

/** Index of the first vector in values[from..to) whose norm is not 1; -1 where there is none. */
export const firstNotUnit = (
  values: Float32Array,
  dim: number,
  { from, to, tolerance = TOLERANCE.float32 }: { from: number; to: number; tolerance?: number },
): number => {
  const low = (1 - tolerance) ** 2
  const high = (1 + tolerance) ** 2
  for (let v = from; v < to; v++) {
    const sum = squared(values, v * dim, (v + 1) * dim)
    if (!(sum >= low && sum <= high)) return v
  }
  return -1
}

const squared = (values: Float32Array, from: number, to: number): number => {
  let a = 0
  let b = 0
  let i = from
  for (; i + 1 < to; i += 2) {
    a += values[i]! * values[i]!
    b += values[i + 1]! * values[i + 1]!
  }
  return i < to ? a + b + values[i]! * values[i]! : a + b
}
