import { badData } from '../error.js'
import { ElementReader, MI, STORED, type Element } from './mat-element.js'
import { byteSize, decodeNumbers, type NumberArray } from './numbers.js'

/** A MATLAB variable or a part of one. Numbers stay undecoded bytes until they are asked for. */
export type Matrix = { name: string; shape: number[] } & (
  | { kind: 'numeric'; type: string; values(): NumberArray }
  | { kind: 'sparse'; type: string; ir: NumberArray; jc: NumberArray; values(): NumberArray }
  | { kind: 'char'; texts(): string[] }
  | { kind: 'cell'; cells: Matrix[] }
  | { kind: 'struct'; fields: string[]; cells: Matrix[] }
  /** Objects, function handles, complex numbers: named in messages, never opened. */
  | { kind: 'other'; type: string }
)

const CLASSES: Record<number, string> = {
  1: 'cell',
  2: 'struct',
  3: 'object',
  4: 'char',
  5: 'sparse',
  6: 'double',
  7: 'single',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
  16: 'function',
  17: 'opaque',
}

const DEEPEST = 64

/** Flags, shape and name at the start of every matrix. */
export interface MatrixHead {
  name: string
  type: string
  shape: number[]
  complex: boolean
  logical: boolean
}

export function matrixHead(reader: ElementReader): MatrixHead {
  const flags = numbers(reader, reader.next('array flags'))
  const type = CLASSES[flags[0]! & 0xff]
  if (!type) throw badData(`${reader.name}: damaged: array of class ${flags[0]! & 0xff}`)
  const bits = flags[0]! >> 8
  if (type === 'opaque') {
    const name = reader.next('a name').data.toString('latin1')
    return { name, type, shape: [], complex: false, logical: false }
  }
  const shape = Array.from(numbers(reader, reader.next('a shape')))
  const count = shape.reduce((product, length) => product * length, 1)
  if (
    shape.length < 2 ||
    shape.length > 32 ||
    shape.some(length => length < 0) ||
    !Number.isSafeInteger(count)
  ) {
    throw badData(`${reader.name}: damaged: shape ${shape.slice(0, 8).join('x')}`)
  }
  const name = reader.next('a name').data.toString('latin1')
  return { name, type, shape, complex: (bits & 8) !== 0, logical: (bits & 2) !== 0 }
}

/** Parses the bytes of one miMATRIX element. */
export function parseMatrix(
  bytes: Buffer,
  { bigEndian, file, depth = 0 }: { bigEndian: boolean; file: string; depth?: number },
): Matrix {
  // An empty element stands for an empty array inside cells and structs.
  if (bytes.length === 0) {
    return {
      name: '',
      shape: [0, 0],
      kind: 'numeric',
      type: 'double',
      values: () => new Float64Array(),
    }
  }
  if (depth > DEEPEST) throw badData(`${file}: arrays nested deeper than ${DEEPEST} levels`)
  const reader = new ElementReader(bytes, bigEndian, file)
  const { name, type, shape, complex, logical } = matrixHead(reader)
  const count = shape.reduce((product, length) => product * length, 1)
  const inner = (): Matrix => {
    const element = reader.next('an array')
    if (element.type !== MI.matrix) throw badData(`${file}: damaged: cell of type ${element.type}`)
    return parseMatrix(element.data, { bigEndian, file, depth: depth + 1 })
  }
  // Each needs a tag of 8 bytes, so a claim of 2^31 cells is known to be false without a loop.
  const innerMany = (many: number): Matrix[] => {
    if (many * 8 > reader.remaining) {
      throw badData(`${file}: '${name}' claims ${many} cells in ${reader.remaining} bytes`)
    }
    return Array.from({ length: many }, inner)
  }
  if (type === 'cell') return { name, shape, kind: 'cell', cells: innerMany(count) }
  if (type === 'struct') {
    const fields = fieldNames(reader)
    return { name, shape, kind: 'struct', fields, cells: innerMany(count * fields.length) }
  }
  if (type === 'char') return charMatrix(reader, name, shape)
  if (complex) return { name, shape, kind: 'other', type: `complex ${type}` }
  if (type === 'sparse') return sparseMatrix(reader, name, shape)
  if (type === 'object' || type === 'function' || type === 'opaque') {
    return { name, shape, kind: 'other', type }
  }
  const element = reader.next(`the values of '${name}'`)
  checkCount(reader, element, count, name)
  const values = () => numbers(reader, element)
  return { name, shape, kind: 'numeric', type: logical ? 'logical' : type, values }
}

const numbers = (reader: ElementReader, element: Element): NumberArray => {
  const type = STORED[element.type]
  if (!type || element.data.length % byteSize[type] !== 0) {
    throw badData(`${reader.name}: damaged: numbers stored as type ${element.type}`)
  }
  return decodeNumbers(element.data, type, reader.bigEndian)
}

const checkCount = (reader: ElementReader, element: Element, count: number, name: string): void => {
  const type = STORED[element.type]
  const found = type ? element.data.length / byteSize[type] : NaN
  if (found !== count) {
    throw badData(
      `${reader.name}: '${name}' holds ${type ? found : `type ${element.type}`} values, ` +
        `its shape needs ${count}`,
    )
  }
}

function fieldNames(reader: ElementReader): string[] {
  const width = numbers(reader, reader.next('the length of field names'))[0] ?? 0
  const { data } = reader.next('field names')
  if (data.length === 0) return []
  if (width < 1 || data.length % width !== 0) throw badData(`${reader.name}: damaged field names`)
  return Array.from({ length: data.length / width }, (_, index) =>
    data.toString('latin1', index * width, (index + 1) * width).replace(/\0[^]*$/, ''),
  )
}

/** A char array is one text a row; MATLAB pads the rows of a matrix with blanks. */
function charMatrix(reader: ElementReader, name: string, shape: number[]): Matrix {
  const { type, data } = reader.next(`the characters of '${name}'`)
  const texts = (): string[] => {
    const all =
      type === MI.utf8
        ? Array.from(data.toString('utf8'))
        : Array.from(
            type === MI.utf16
              ? decodeNumbers(data.subarray(0, data.length & ~1), 'uint16', reader.bigEndian)
              : numbers(reader, { type, data }),
            code => String.fromCharCode(code),
          )
    const rows = shape[0]!
    if (all.length === 0) return rows <= 1 ? [''] : []
    if (rows === 0 || all.length % rows !== 0) {
      throw badData(`${reader.name}: '${name}' holds ${all.length} characters in ${rows} rows`)
    }
    if (rows === 1) return [all.join('')]
    return Array.from({ length: rows }, (_, row) =>
      all
        .filter((_, at) => at % rows === row)
        .join('')
        .trimEnd(),
    )
  }
  return { name, shape, kind: 'char', texts }
}

/** Compressed columns: the values of column c are jc[c] .. jc[c+1]-1, their rows in ir. */
function sparseMatrix(reader: ElementReader, name: string, shape: number[]): Matrix {
  const ir = numbers(reader, reader.next(`the rows of '${name}'`))
  const jc = numbers(reader, reader.next(`the columns of '${name}'`))
  const element = reader.next(`the values of '${name}'`)
  const [rows, columns] = shape as [number, number]
  const stored = jc[jc.length - 1] ?? 0
  const sound =
    shape.length === 2 &&
    jc.length === columns + 1 &&
    jc[0] === 0 &&
    jc.every((start, column) => column === 0 || start >= jc[column - 1]!) &&
    stored <= ir.length &&
    ir.subarray(0, stored).every(row => row >= 0 && row < rows)
  if (!sound) throw badData(`${reader.name}: sparse array '${name}' is damaged`)
  const values = (): NumberArray => {
    const all = numbers(reader, element)
    if (all.length < stored) throw badData(`${reader.name}: sparse array '${name}' is cut short`)
    return all
  }
  return { name, shape, kind: 'sparse', type: 'sparse', ir, jc, values }
}
