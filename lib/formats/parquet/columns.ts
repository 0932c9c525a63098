import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import type { ColumnType } from '../../stream/column-type.js'
import type { ColumnInfo } from '../../stream/columns.js'
import type { NumberFormat } from '../../stream/number-format.js'

/** A column of values, or of lists of them: one leaf of the schema. */
export interface ParquetColumn extends ColumnInfo {
  /** undefined for what is made of several leaves, or of values of another kind. */
  leaf: Leaf | undefined
}

/** Where the values of a column lie, and how lists and nulls are told. */
export interface Leaf {
  path: readonly string[]
  element: SchemaElement
  /** How the values lie, whatever is around them. */
  values: ColumnType
  /** From the column inwards; what is required has no level. */
  steps: readonly ('optional' | 'repeated')[]
}

/** The columns of a file in order. */
export const columnsIn = (
  { schema }: FileMetaData,
  treeOf: (metadata: { schema: SchemaElement[] }) => SchemaTree,
): ParquetColumn[] => treeOf({ schema }).children.map(columnOf)

const columnOf = (node: SchemaTree): ParquetColumn => {
  const { name, repetition_type: repetition } = node.element
  const found = shapeOf(node)
  const nullable = repetition === 'OPTIONAL'
  if (!found) return { name, nullable, type: { is: 'other', name: nameOf(node) }, leaf: undefined }
  const { type, steps, leaf, values } = found
  const { path, element } = leaf
  return { name, nullable, type, leaf: { path, element, values, steps } }
}

interface Shape {
  type: ColumnType
  values: ColumnType
  steps: ('optional' | 'repeated')[]
  leaf: SchemaTree
}

/** Lists in the ways that writers have: three levels, two levels, a repeated value on its own. */
const shapeOf = (node: SchemaTree): Shape | undefined => {
  const { element, children } = node
  const own: Shape['steps'] = element.repetition_type === 'OPTIONAL' ? ['optional'] : []
  if (element.repetition_type === 'REPEATED') {
    const inside = insideOf(node)
    return inside && asList(inside, ['repeated'])
  }
  if (children.length === 0) return leafShape(node, own)
  const [repeated, second] = children
  if (second || repeated!.element.repetition_type !== 'REPEATED' || !isList(element))
    return undefined
  const inside = insideOf(repeated!)
  return inside && asList(inside, [...own, 'repeated'])
}

/** What a repeated node holds: its only child (three levels), or itself. */
const insideOf = (repeated: SchemaTree): Shape | undefined => {
  const { children } = repeated
  if (children.length === 0) return leafShape(repeated, [])
  return children.length === 1 ? shapeOf(children[0]!) : undefined
}

const asList = (inside: Shape, around: Shape['steps']): Shape => ({
  ...inside,
  type: { is: 'list', item: inside.type },
  steps: [...around, ...inside.steps],
})

const leafShape = (leaf: SchemaTree, steps: Shape['steps']): Shape | undefined => {
  const values = valueType(leaf.element)
  return values && { type: values, values, steps, leaf }
}

const isList = ({ converted_type, logical_type }: SchemaElement): boolean =>
  converted_type === 'LIST' || logical_type?.type === 'LIST'

/** The plain values that can be read; undefined for decimals, times of day, intervals, ... */
const valueType = (element: SchemaElement): ColumnType | undefined => {
  const { type, converted_type: converted, logical_type: logical, type_length } = element
  switch (type) {
    case 'BOOLEAN':
      return { is: 'boolean' }
    case 'FLOAT':
      return { is: 'number', format: 'float32' }
    case 'DOUBLE':
      return { is: 'number', format: 'float64' }
    case 'INT32':
    case 'INT64':
      return integerType(element)
    case 'BYTE_ARRAY': {
      if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return undefined
      const isText =
        ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '') ||
        ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '')
      return { is: isText ? 'text' : 'binary' }
    }
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical?.type === 'FLOAT16' && type_length === 2
        ? { is: 'number', format: 'float16' }
        : undefined
    default:
      return undefined
  }
}

const integerType = (element: SchemaElement): ColumnType | undefined => {
  const { type, converted_type: converted, logical_type: logical } = element
  const bits = type === 'INT32' ? 32 : 64
  if (logical?.type === 'INTEGER') return integer(logical.bitWidth, logical.isSigned, bits)
  if (logical?.type === 'DATE' || converted === 'DATE') return { is: 'date' }
  if (logical?.type === 'TIMESTAMP') {
    const unit = { MILLIS: 'millisecond', MICROS: 'microsecond', NANOS: 'nanosecond' } as const
    return { is: 'timestamp', unit: unit[logical.unit], utc: logical.isAdjustedToUTC }
  }
  if (converted === 'TIMESTAMP_MILLIS') return { is: 'timestamp', unit: 'millisecond', utc: true }
  if (converted === 'TIMESTAMP_MICROS') return { is: 'timestamp', unit: 'microsecond', utc: true }
  const named = /^(U?)INT_(\d+)$/.exec(converted ?? '')
  if (named) return integer(Number(named[2]), named[1] === '', bits)
  return logical || converted ? undefined : integer(bits, true, bits)
}

const integer = (width: number, signed: boolean, bits: number): ColumnType | undefined =>
  width <= bits && [8, 16, 32, 64].includes(width)
    ? { is: 'number', format: `${signed ? '' : 'u'}int${width}` as NumberFormat }
    : undefined

/** For messages. */
const nameOf = ({ element, children }: SchemaTree): string =>
  (element.logical_type?.type ?? element.converted_type ?? element.type ?? 'struct').toLowerCase() +
  (children.length > 1 && element.converted_type ? ` of ${children.length} columns` : '')
