import { Type } from 'apache-arrow/enum'
import type { Field } from 'apache-arrow/schema'
import type { DataType, FixedSizeList, Float, Int } from 'apache-arrow/type'
import { badData } from '../../error.js'
import { type Kind, KINDS, type Layout, type ModalityField } from '../types.js'

/** Keys of field metadata that the words of a ModalityField stand for. */
const KNOWN = [
  'pcm.role',
  'pcm.kind',
  'pcm.axis',
  'pcm.unit',
  'pcm.encoder',
  'pcm.of',
  'pcm.vocabulary',
]

/** A modality as its field describes it, and whether its numbers are doubles to be narrowed. */
export interface ParsedModality {
  field: ModalityField
  doubles: boolean
}

/**
 * Undefined for a column that is no modality. One is marked by `pcm.role`; in streams that other
 * programs wrote, vectors of numbers are modalities without being marked.
 */
export const parseModality = (field: Field, foreign: boolean): ParsedModality | undefined => {
  const { metadata } = field
  const role = metadata.get('pcm.role')
  if (role !== undefined && role !== 'modality') return undefined
  const shape = shapeOf(field.type)
  const meant =
    role === 'modality' || (foreign && (shape !== undefined || metadata.has('pcm.kind')))
  if (!meant) return undefined
  const kind = kindOf(metadata.get('pcm.kind') ?? (shape ? 'vector' : 'category'))
  const vocabulary = textList(metadata, 'pcm.vocabulary')
  const words = {
    name: field.name,
    kind,
    unit: unitOf(metadata),
    ...optional('encoder', metadata.get('pcm.encoder')),
    ...optional('of', textList(metadata, 'pcm.of')),
    ...optional('vocabulary', vocabulary),
    ...optional('metadata', unknownKeys(metadata)),
  }
  if (!shape)
    return { field: { ...words, ...categoryWords(field.type, kind, vocabulary) }, doubles: false }
  if (shape.dim < 1) throw badData('vectors of 0 values')
  const layout = layoutOf(shape.depth, metadata.get('pcm.axis'))
  const float = shape.bytes === 2 ? 'float16' : 'float32'
  return { field: { ...words, layout, dim: shape.dim, float }, doubles: shape.bytes === 8 }
}

/** Vectors below `depth` lists; undefined for any other type. */
const shapeOf = (type: DataType): { depth: number; dim: number; bytes: number } | undefined => {
  if (type.typeId === Type.List) {
    const inner = shapeOf(type.children[0]!.type)
    return inner && { ...inner, depth: inner.depth + 1 }
  }
  if (type.typeId !== Type.FixedSizeList) return undefined
  const { listSize, children } = type as FixedSizeList
  const number = children[0]!.type as DataType
  if (number.typeId !== Type.Float) return undefined
  return { depth: 0, dim: listSize, bytes: [2, 4, 8][(number as unknown as Float).precision]! }
}

const kindOf = (text: string): Kind => {
  const kind = KINDS.find(known => known === text)
  if (!kind) throw badData(`pcm.kind '${text}', expected ${KINDS.join(', ')}`)
  return kind
}

const categoryWords = (type: DataType, kind: Kind, vocabulary: string[] | undefined) => {
  const isInt32 =
    type.typeId === Type.Int && (type as Int).bitWidth === 32 && (type as Int).isSigned
  if (!isInt32 || kind !== 'category')
    throw badData(`a modality of type ${type}, expected vectors of numbers or Int32 codes`)
  if (!vocabulary) throw badData('codes without a vocabulary (pcm.vocabulary)')
  return { layout: 'category', dim: 0, float: 'float32' } as const
}

const layoutOf = (depth: number, axis: string | undefined): Layout => {
  if (axis !== undefined && axis !== 'tokens' && axis !== 'views')
    throw badData(`pcm.axis '${axis}', expected tokens or views`)
  if (depth === 0 && axis === undefined) return 'vector'
  if (depth === 1 && axis) return axis
  if (depth === 2 && axis === 'views') return 'views-of-tokens'
  if (depth === 1) throw badData('lists of vectors without field metadata pcm.axis', AXIS_HINT)
  throw badData(`pcm.axis '${axis ?? ''}' on vectors below ${depth} lists`, AXIS_HINT)
}

const AXIS_HINT =
  'set pcm.axis to tokens (one sequence) or views (alternatives); views of tokens are lists of lists'

const unitOf = (metadata: Map<string, string>): boolean => {
  const unit = metadata.get('pcm.unit') ?? '0'
  if (unit !== '0' && unit !== '1') throw badData(`pcm.unit '${unit}', expected 0 or 1`)
  return unit === '1'
}

/** A JSON array of texts, each once. */
const textList = (metadata: Map<string, string>, key: string): string[] | undefined => {
  const text = metadata.get(key)
  if (text === undefined) return undefined
  const list = parseJson(text)
  if (!Array.isArray(list) || !list.every(item => typeof item === 'string'))
    throw badData(`${key} is not a JSON array of texts`)
  if (new Set(list).size < list.length) throw badData(`${key} names something twice`)
  return list
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unknownKeys = (metadata: Map<string, string>): Map<string, string> | undefined => {
  const unknown = new Map([...metadata].filter(([key]) => !KNOWN.includes(key)))
  return unknown.size > 0 ? unknown : undefined
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
