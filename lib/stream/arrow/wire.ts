import { IntervalUnit, Type } from 'apache-arrow/enum'
import { Field } from 'apache-arrow/schema'
import {
  Binary,
  type DataType,
  type Date_,
  type Decimal,
  type Dictionary,
  FixedSizeList,
  type FixedSizeBinary,
  type Float,
  type Int,
  type Interval,
  List,
  Map_,
  Struct,
  type Time,
  Utf8,
} from 'apache-arrow/type'
import { badData } from '../../error.js'
import type { Form } from './cells.js'

/**
 * How a column lies in a message: the forms of cells.ts plus what is undone while it is loaded.
 * 64-bit offsets become 32-bit ones (a batch is smaller than that) and dictionaries are decoded,
 * views are put end to end, so `large`, `dictionary` and `view` end here.
 */
export type Wire =
  | { kind: 'null' }
  | { kind: 'bits' }
  | { kind: 'fixed'; bytes: number }
  | { kind: 'bytes'; utf8: boolean; large: boolean }
  | { kind: 'view'; utf8: boolean }
  | { kind: 'list'; large: boolean; child: Wire }
  | { kind: 'fixed-list'; size: number; child: Wire }
  | { kind: 'struct'; children: Wire[] }
  | { kind: 'dictionary'; id: number; bytes: number; signed: boolean; values: Wire }

/** The wire form of an Arrow type; throws badData for the few that pcm cannot carry. */
export const wireOf = (type: DataType): Wire => {
  switch (type.typeId) {
    case Type.Null:
      return { kind: 'null' }
    case Type.Bool:
      return { kind: 'bits' }
    case Type.Utf8:
    case Type.LargeUtf8:
      return { kind: 'bytes', utf8: true, large: type.typeId === Type.LargeUtf8 }
    case Type.Binary:
    case Type.LargeBinary:
      return { kind: 'bytes', utf8: false, large: type.typeId === Type.LargeBinary }
    case Type.Utf8View:
    case Type.BinaryView:
      return { kind: 'view', utf8: type.typeId === Type.Utf8View }
    case Type.List:
    case Type.LargeList:
      return { kind: 'list', large: type.typeId === Type.LargeList, child: childWire(type) }
    case Type.Map:
      return mapWire(type)
    case Type.FixedSizeList:
      return {
        kind: 'fixed-list',
        size: sizeOf((type as FixedSizeList).listSize),
        child: childWire(type),
      }
    case Type.Struct:
      return {
        kind: 'struct',
        children: (type as Struct).children.map(child => wireOf(child.type)),
      }
    case Type.Dictionary: {
      const { id, indices, dictionary } = type as Dictionary
      const bytes = fixedBytes(indices)
      if (bytes === undefined) throw badData(`damaged: dictionary indices of type ${indices}`)
      return { kind: 'dictionary', id, bytes, signed: indices.isSigned, values: wireOf(dictionary) }
    }
    default: {
      const bytes = fixedBytes(type)
      if (bytes !== undefined) return { kind: 'fixed', bytes }
      throw badData(`type ${type}, which pcm cannot carry`, 'cast it to a plain type, or drop it')
    }
  }
}

/** The form that a column has once it is loaded. */
export const formOf = (wire: Wire): Form => {
  switch (wire.kind) {
    case 'bytes':
    case 'view':
      return { kind: 'bytes', utf8: wire.utf8 }
    case 'list':
      return { kind: 'list', child: formOf(wire.child) }
    case 'fixed-list':
      return { kind: 'fixed-list', size: wire.size, child: formOf(wire.child) }
    case 'struct':
      return { kind: 'struct', children: wire.children.map(formOf) }
    case 'dictionary':
      return formOf(wire.values)
    default:
      return wire
  }
}

/** The type a column has once it is loaded: no dictionaries, views, 64-bit offsets, at any depth. */
export const plainType = (type: DataType): DataType => {
  switch (type.typeId) {
    case Type.Dictionary:
      return plainType((type as Dictionary).dictionary)
    case Type.LargeUtf8:
    case Type.Utf8View:
      return new Utf8()
    case Type.LargeBinary:
    case Type.BinaryView:
      return new Binary()
    case Type.List:
    case Type.LargeList:
      return new List(plainField(type.children[0]!))
    case Type.Map:
      return new Map_(plainField(type.children[0]!), (type as Map_).keysSorted)
    case Type.FixedSizeList:
      return new FixedSizeList((type as FixedSizeList).listSize, plainField(type.children[0]!))
    case Type.Struct:
      return new Struct((type as Struct).children.map(plainField))
    default:
      return type
  }
}

export const plainField = (field: Field): Field =>
  new Field(field.name ?? '', plainType(field.type), field.nullable, field.metadata)

const childWire = (type: DataType): Wire => {
  const child = type.children?.[0]
  if (!child) throw badData('damaged: a list type without a child type')
  return wireOf(child.type)
}

/** A map is a list of entries, a struct of key and value each. */
const mapWire = (type: DataType): Wire => {
  const child = childWire(type)
  if (child.kind !== 'struct' || child.children.length !== 2)
    throw badData('damaged: a map whose entries are not key and value')
  return { kind: 'list', large: false, child }
}

const sizeOf = (size: number): number => {
  if (Number.isInteger(size) && size >= 0) return size
  throw badData(`damaged: claims slots of ${size} values`)
}

/** Bytes a slot of the types whose slots all have the same size. */
const fixedBytes = (type: DataType): number | undefined => {
  switch (type.typeId) {
    case Type.Int:
      return whole((type as Int).bitWidth / 8, [1, 2, 4, 8])
    case Type.Float:
      return [2, 4, 8][(type as unknown as Float).precision]
    case Type.Decimal:
      return whole((type as Decimal).bitWidth / 8, [4, 8, 16, 32])
    case Type.Date:
      return [4, 8][(type as unknown as Date_).unit]
    case Type.Time:
      return whole((type as unknown as Time).bitWidth / 8, [4, 8])
    case Type.Timestamp:
    case Type.Duration:
      return 8
    case Type.Interval:
      return intervalBytes((type as Interval).unit)
    case Type.FixedSizeBinary:
      return sizeOf((type as FixedSizeBinary).byteWidth)
    default:
      return undefined
  }
}

const whole = (bytes: number, known: number[]): number | undefined =>
  known.includes(bytes) ? bytes : undefined

const intervalBytes = (unit: IntervalUnit): number | undefined =>
  ({ [IntervalUnit.YEAR_MONTH]: 4, [IntervalUnit.DAY_TIME]: 8, [IntervalUnit.MONTH_DAY_NANO]: 16 })[
    unit
  ]
