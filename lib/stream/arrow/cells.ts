/**
 * The physical side of an Arrow column: plain buffers in a tree, free of logical types. A reader
 * checks them once (load.ts); everything after may rely on what is said here.
 */

import { bit, packBits } from './bits.js'

/** How the slots of a column lie in memory. */
export type Form =
  | { kind: 'null' }
  /** One bit a slot: Arrow's Bool. */
  | { kind: 'bits' }
  | { kind: 'fixed'; bytes: number }
  | { kind: 'bytes'; utf8: boolean }
  | { kind: 'list'; child: Form }
  | { kind: 'fixed-list'; size: number; child: Form }
  | { kind: 'struct'; children: Form[] }

export interface Cells {
  readonly form: Form
  /** Number of slots. */
  readonly length: number
  /** Number of slots that are null. */
  readonly nulls: number
  /** One bit a slot, lowest first, 1 = not null; undefined where no slot is null. */
  readonly validity: Uint8Array | undefined
  /** length + 1 positions, from 0 to the length of `data` or of the child; forms bytes and list. */
  readonly offsets: Int32Array
  /** Forms fixed, bits and bytes; exactly as long as the slots need. */
  readonly data: Uint8Array
  /** Forms list, fixed-list (length x size slots) and struct (length slots each). */
  readonly children: readonly Cells[]
}

export const NO_OFFSETS = new Int32Array(1)
export const NO_BYTES = new Uint8Array(0)
export const NO_CELLS: readonly Cells[] = []

/** Fills in what a form has no use for. */
export const cells = (
  form: Form,
  length: number,
  parts: Partial<Omit<Cells, 'form' | 'length'>> = {},
): Cells => ({
  form,
  length,
  nulls: 0,
  validity: undefined,
  offsets: NO_OFFSETS,
  data: NO_BYTES,
  children: NO_CELLS,
  ...parts,
})

/** A column without slots. */
export const emptyCells = (form: Form): Cells => cells(form, 0, { children: emptyChildren(form) })

const emptyChildren = (form: Form): readonly Cells[] => {
  if (form.kind === 'list' || form.kind === 'fixed-list') return [emptyCells(form.child)]
  return form.kind === 'struct' ? form.children.map(emptyCells) : NO_CELLS
}

export const isNull = ({ form, validity }: Cells, slot: number): boolean =>
  form.kind === 'null' || (validity !== undefined && !bit(validity, slot))

/** `nulls` and `validity` of a column whose presence is given one byte a slot. */
export const nullsOf = (present: Uint8Array): Pick<Cells, 'nulls' | 'validity'> => {
  let nulls = 0
  for (let i = 0; i < present.length; i++) if (present[i] === 0) nulls++
  return { nulls, validity: nulls === 0 ? undefined : packBits(present) }
}

/** The bytes of any typed array, not copied. */
export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)
