import { badData } from '../error.js'
import { withoutAbsent, zeroAbsent } from './absent.js'
import { unpackBits } from './arrow/bits.js'
import { type Cells, isNull } from './arrow/cells.js'
import type { RowName } from './arrow/adapt.js'
import { checkValues } from './check-values.js'
import { decodeHalves } from './float16.js'
import { viewAs } from './number-format.js'
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
 * The typed arrays of one modality column, checked: no null inside a vector, no NaN, norms 1 where
 * promised, codes within the vocabulary. Values are a view of the message wherever that is right.
 * A list without vectors is an absent modality, as null is.
 */
export const decodeModality = (
  cells: Cells,
  field: ModalityField,
  row: RowName,
): ModalityColumn => {
  switch (field.layout) {
    case 'vector':
      return decodeVector(cells, field, row)
    case 'tokens':
    case 'views':
      return decodeRagged(cells, field, field.layout, row)
    case 'views-of-tokens':
      return decodeNested(cells, field, row)
    case 'category':
      return decodeCategory(cells, field, row)
  }
}

const decodeVector = (cells: Cells, field: ModalityField, row: RowName): VectorColumn => {
  const { dim } = field
  const child = cells.children[0]!
  const present = unpackBits(cells.validity, cells.length)
  const name = (r: number) => (present[r] ? row(r) : undefined)
  checkInside(child, dim, name)
  const values = zeroAbsent(floats(child, field), dim, present)
  // The zeros of absent rows have no norm to check.
  checkValues(values, field, name)
  return { layout: 'vector', dim, values, present }
}

const decodeRagged = (
  given: Cells,
  field: ModalityField,
  layout: 'tokens' | 'views',
  row: RowName,
): RaggedColumn => {
  const { offsets, children } = withoutAbsent(given)
  const vectors = children[0]!
  const present = Uint8Array.from(
    { length: given.length },
    (_, r) => +(offsets[r + 1]! > offsets[r]!),
  )
  const name = (v: number) => row(owner(offsets, v))
  checkVectors(vectors, field, name)
  const values = floats(vectors.children[0]!, field)
  checkValues(values, field, name)
  return { layout, dim: field.dim, values, offsets, present }
}

const decodeNested = (given: Cells, field: ModalityField, row: RowName): NestedColumn => {
  const { offsets, children } = withoutAbsent(given)
  const views = children[0]!
  const viewOffsets = views.offsets
  const vectors = views.children[0]!
  const present = Uint8Array.from(
    { length: given.length },
    (_, r) => +(offsets[r + 1]! > offsets[r]!),
  )
  for (let v = 0; v < views.length; v++)
    if (isNull(views, v) || viewOffsets[v + 1] === viewOffsets[v])
      throw badData(`${row(owner(offsets, v))}: a view without tokens`)
  const name = (t: number) => row(owner(offsets, owner(viewOffsets, t)))
  checkVectors(vectors, field, name)
  const values = floats(vectors.children[0]!, field)
  checkValues(values, field, name)
  return { layout: 'views-of-tokens', dim: field.dim, values, offsets, viewOffsets, present }
}

const decodeCategory = (cells: Cells, field: ModalityField, row: RowName): CategoryColumn => {
  const present = unpackBits(cells.validity, cells.length)
  const found = viewAs('int32', cells.data)
  const codes = cells.nulls === 0 ? found : found.map((code, r) => (present[r] ? code : 0))
  const size = field.vocabulary?.length ?? 0
  const bad = codes.findIndex((code, r) => present[r] === 1 && (code < 0 || code >= size))
  if (bad >= 0) throw badData(`${row(bad)}: code ${codes[bad]}, expected 0 to ${size - 1}`)
  return { layout: 'category', codes, present }
}

export const floats = (child: Cells, { float }: ModalityField): Float32Array =>
  float === 'float16' ? decodeHalves(viewAs('float16', child.data)) : viewAs('float32', child.data)

const checkVectors = (vectors: Cells, { dim }: ModalityField, name: RowName): void => {
  for (let v = 0; vectors.nulls > 0 && v < vectors.length; v++)
    if (isNull(vectors, v)) throw badData(`${name(v)}: a vector is null`)
  checkInside(vectors.children[0]!, dim, name)
}

/** Numbers of a vector are never null. `name` is undefined for absent vectors. */
const checkInside = (
  numbers: Cells,
  dim: number,
  name: (vector: number) => string | undefined,
): void => {
  if (numbers.nulls === 0) return
  for (let i = 0; i < numbers.length; i++) {
    const where = isNull(numbers, i) ? name(Math.floor(i / dim)) : undefined
    if (where !== undefined) throw badData(`${where}: value ${i % dim} is null`)
  }
}
