import { badData } from '../../error.js'
import { bit, bytesForBits, setBit } from './bits.js'
import { type Cells, cells } from './cells.js'

/** `count` slots from `start` on; start -1 stands for as many absent slots. */
export interface Run {
  start: number
  count: number
}

/** Rows as runs: neighbours that are wanted together are copied together. Row -1 is absent. */
export const runsOf = (rows: ArrayLike<number>): Run[] => {
  const runs: Run[] = []
  for (let i = 0; i < rows.length; i++) {
    const start = Math.max(rows[i]!, -1)
    const last = runs.at(-1)
    if (last && start === (last.start < 0 ? -1 : last.start + last.count)) last.count++
    else runs.push({ start, count: 1 })
  }
  return runs
}

/**
 * The slots of `from` that `runs` name, in that order, as a column of its own. Absent slots become
 * nulls; below a null they become zeros that are not null, as a column declared without nulls needs.
 */
export const gather = (
  from: Cells,
  runs: readonly Run[],
  absent: 'null' | 'zero' = 'null',
): Cells => {
  const { form } = from
  const length = total(runs)
  const validity = gatherValidity(from, runs, length, absent)
  switch (form.kind) {
    case 'null':
      return cells(form, length, { nulls: length })
    case 'bits':
      return cells(form, length, { ...validity, data: gatherBits(from.data, runs, length) })
    case 'fixed':
      return cells(form, length, {
        ...validity,
        data: gatherBytes(from.data, scale(runs, form.bytes)),
      })
    case 'bytes': {
      const { inner, offsets } = spans(from.offsets, runs, length)
      return cells(form, length, { ...validity, offsets, data: gatherBytes(from.data, inner) })
    }
    case 'list': {
      const { inner, offsets } = spans(from.offsets, runs, length)
      const children = [gather(from.children[0]!, inner, 'zero')]
      return cells(form, length, { ...validity, offsets, children })
    }
    case 'fixed-list': {
      const children = [gather(from.children[0]!, scale(runs, form.size), 'zero')]
      return cells(form, length, { ...validity, children })
    }
    case 'struct': {
      const children = from.children.map(child => gather(child, runs, 'zero'))
      return cells(form, length, { ...validity, children })
    }
  }
}

const total = (runs: readonly Run[]): number => {
  let slots = 0
  for (const { count } of runs) slots += count
  return slots
}

const scale = (runs: readonly Run[], by: number): Run[] =>
  runs.map(({ start, count }) => ({ start: start < 0 ? -1 : start * by, count: count * by }))

const gatherValidity = (
  from: Cells,
  runs: readonly Run[],
  length: number,
  absent: 'null' | 'zero',
): Pick<Cells, 'nulls' | 'validity'> => {
  const none = { nulls: 0, validity: undefined }
  if (from.validity === undefined && (absent === 'zero' || runs.every(run => run.start >= 0)))
    return none
  const validity = new Uint8Array(bytesForBits(length))
  let nulls = length
  let to = 0
  for (const { start, count } of runs)
    for (let i = 0; i < count; i++, to++) {
      const valid = start < 0 ? absent === 'zero' : !from.validity || bit(from.validity, start + i)
      if (!valid) continue
      setBit(validity, to)
      nulls--
    }
  return nulls === 0 ? none : { nulls, validity }
}

const gatherBits = (from: Uint8Array, runs: readonly Run[], length: number): Uint8Array => {
  const data = new Uint8Array(bytesForBits(length))
  let to = 0
  for (const { start, count } of runs)
    for (let i = 0; i < count; i++, to++) if (start >= 0 && bit(from, start + i)) setBit(data, to)
  return data
}

const gatherBytes = (from: Uint8Array, runs: readonly Run[]): Uint8Array => {
  const data = new Uint8Array(total(runs))
  let to = 0
  for (const { start, count } of runs) {
    if (start >= 0 && count > 0) data.set(from.subarray(start, start + count), to)
    to += count
  }
  return data
}

/** Where the insides of lists or texts lie, and the offsets they get in the new column. */
const spans = (from: Int32Array, runs: readonly Run[], length: number) => {
  const offsets = new Int32Array(length + 1)
  const inner: Run[] = []
  let slot = 0
  let end = 0
  for (const { start, count } of runs) {
    const base = start < 0 ? 0 : from[start]!
    const size = start < 0 ? 0 : from[start + count]! - base
    if (end + size > LARGEST) throw badData('more than 2 GiB in one column of one batch', HINT)
    for (let i = 1; i <= count; i++)
      offsets[slot + i] = start < 0 ? end : end + from[start + i]! - base
    if (size > 0) inner.push({ start: base, count: size })
    slot += count
    end += size
  }
  return { inner, offsets }
}

const LARGEST = 0x7fffffff
const HINT = 'write smaller batches'
