import { badData } from '../error.js'
import { withoutAbsent, zeroAbsent } from './absent.js'
import type { RowName } from './arrow/adapt.js'
import { bytesOf, type Cells, cells, nullsOf } from './arrow/cells.js'
import { checkValues } from './check-values.js'
import { encodeHalves, LARGEST_HALF } from './float16.js'
import { owner } from './owner.js'
import type {
  CategoryColumn,
  ModalityColumn,
  ModalityField,
  NestedColumn,
  RaggedColumn,
  VectorColumn,
} from './types.js'

/**
 * A modality column as Arrow cells; values are copied only where absent rows hold some. What a
 * reader would refuse is refused here (NaN, norms, codes); arrays that do not fit together are a
 * mistake of the caller, hence a plain Error.
 */
export const encodeModality = (
  column: ModalityColumn,
  field: ModalityField,
  row: RowName,
): Cells => {
  if (column.layout !== field.layout)
    throw misfit(field, `is declared as ${field.layout}, given as ${column.layout}`)
  switch (column.layout) {
    case 'vector':
      return encodeVector(column, field, row)
    case 'tokens':
    case 'views':
      return encodeRagged(column, field, row)
    case 'views-of-tokens':
      return encodeNested(column, field, row)
    case 'category':
      return encodeCategory(column, field, row)
  }
}

const encodeVector = (column: VectorColumn, field: ModalityField, row: RowName) => {
  const { present, checked } = column
  const name = (r: number) => (present[r] ? row(r) : undefined)
  const values = zeroAbsent(column.values, field.dim, present)
  return { ...vectors({ values, checked }, present.length, field, name), ...nullsOf(present) }
}

const encodeRagged = (column: RaggedColumn, field: ModalityField, row: RowName): Cells => {
  const { offsets } = column
  const child = vectors(column, offsets.at(-1)!, field, v => row(owner(offsets, v)))
  return lists(offsets, child, column.present, field)
}

const encodeNested = (column: NestedColumn, field: ModalityField, row: RowName): Cells => {
  const { offsets, viewOffsets, values } = column
  const name = (t: number) => row(owner(offsets, owner(viewOffsets, t)))
  const tokens = vectors({ values }, viewOffsets.at(-1)!, field, name)
  const everyView = new Uint8Array(viewOffsets.length - 1).fill(1)
  return lists(offsets, lists(viewOffsets, tokens, everyView, field), column.present, field)
}

const encodeCategory = ({ codes, present }: CategoryColumn, field: ModalityField, row: RowName) => {
  if (codes.length !== present.length) throw misfit(field, `has ${codes.length} codes`)
  const size = field.vocabulary?.length ?? 0
  const bad = codes.findIndex((code, r) => present[r] === 1 && (code < 0 || code >= size))
  if (bad >= 0) throw badData(`${row(bad)}: code ${codes[bad]}, expected 0 to ${size - 1}`)
  const nulls = nullsOf(present)
  const clean = nulls.nulls === 0 ? codes : codes.map((code, r) => (present[r] ? code : 0))
  return cells({ kind: 'fixed', bytes: 4 }, codes.length, { ...nulls, data: bytesOf(clean) })
}

/** `count` vectors without nulls, checked. `name` is undefined for absent ones. */
const vectors = (
  { values, checked }: { values: Float32Array; checked?: true | undefined },
  count: number,
  field: ModalityField,
  name: (vector: number) => string | undefined,
): Cells => {
  const { dim, float } = field
  if (values.length !== count * dim)
    throw misfit(field, `has ${values.length} values for ${count} vectors of ${dim}`)
  if (!checked) checkValues(values, field, name)
  const number = { kind: 'fixed', bytes: float === 'float16' ? 2 : 4 } as const
  const data = float === 'float16' ? halves(values, dim, name) : bytesOf(values)
  const child = cells(number, values.length, { data })
  return cells({ kind: 'fixed-list', size: dim, child: number }, count, { children: [child] })
}

const halves = (
  values: Float32Array,
  dim: number,
  name: (vector: number) => string | undefined,
): Uint8Array => {
  const encoded = encodeHalves(values)
  const lost = encoded.findIndex(half => (half & 0x7c00) === 0x7c00)
  if (lost >= 0)
    throw badData(
      `${name(Math.floor(lost / dim))}: value ${lost % dim} is ${values[lost]}, too large for Float16`,
      `its largest number is ${LARGEST_HALF}`,
    )
  return bytesOf(encoded)
}

/** Lists of the slots of `child`; an empty list is absent, and an absent one is empty. */
const lists = (
  offsets: Int32Array,
  child: Cells,
  given: Uint8Array,
  field: ModalityField,
): Cells => {
  const rows = given.length
  if (offsets.length !== rows + 1 || offsets[0] !== 0 || offsets[rows] !== child.length)
    throw misfit(field, `has offsets that do not fit ${rows} rows and ${child.length} vectors`)
  const present = given.map((there, r) => +(there !== 0 && offsets[r + 1]! > offsets[r]!))
  const form = { kind: 'list', child: child.form } as const
  const column = cells(form, rows, { ...nullsOf(present), offsets, children: [child] })
  return withoutAbsent(column)
}

const misfit = ({ name }: ModalityField, what: string) => new Error(`column '${name}' ${what}`)
