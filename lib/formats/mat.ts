import { badData } from '../error.js'
import {
  denseArray,
  noSuchArray,
  severalArrays,
  shapeText,
  type FileArray,
  type Listed,
} from './array.js'
import type { ByteRange } from './byte-range.js'
import { ElementReader, matrixBytes, matrixStart, topElements } from './mat-element.js'
import type { TopElement } from './mat-element.js'
import { matrixHead, parseMatrix, type Matrix, type MatrixHead } from './mat-matrix.js'
import { sparseArray } from './mat-sparse.js'

interface Variable {
  head: MatrixHead
  element: TopElement
}

/**
 * One array of a MATLAB level 5 file (`save -v6`, `save -v7`). A selector names a variable, then
 * cells by number (from 0, down the columns) and fields by name: `X.0`, `data.fea`, `s.2.gist`.
 * Only the variable that is asked for is unpacked.
 */
export async function openMat(
  range: ByteRange,
  selector: string | undefined,
  transpose: boolean,
): Promise<FileArray> {
  const bigEndian = await checkHeader(range)
  const variables: Variable[] = []
  for (const element of await topElements(range, bigEndian)) {
    const reader = new ElementReader(await matrixStart(element), bigEndian, range.name)
    const head = matrixHead(reader)
    if (head.name !== '') variables.push({ head, element })
  }
  const load = async ({ element, head }: Variable): Promise<Matrix> => ({
    ...parseMatrix(await matrixBytes(element, bigEndian), { bigEndian, file: range.name }),
    name: head.name,
  })
  const list = async (): Promise<Listed[]> => {
    const listed: Listed[] = []
    for (const variable of variables) listed.push(...(await listVariable(variable, load)))
    return listed
  }
  if (selector === undefined) {
    const listed = await list()
    if (listed.length === 0) throw badData(`${range.name}: holds no arrays`)
    if (listed.length > 1) throw severalArrays(range.name, listed)
    selector = listed[0]!.selector
  }
  const [name, ...path] = selector.split('.')
  const variable = variables.find(({ head }) => head.name === name)
  const matrix = variable && follow(await load(variable), path)
  if (!matrix) throw noSuchArray(range.name, selector, await list())
  const array = toArray(matrix, `${range.name}::${selector}`, transpose)
  return { ...array, close: () => range.close() }
}

async function checkHeader(range: ByteRange): Promise<boolean> {
  const header = range.length < 128 ? Buffer.alloc(0) : await range.read(0, 128)
  const order = header.toString('latin1', 126, 128)
  if (/^MATLAB 7\.3/.test(header.toString('latin1', 0, 16))) {
    throw badData(
      `${range.name}: a MATLAB 7.3 file (HDF5), expected level 5`,
      'save it again from MATLAB with -v7, or write .npy',
    )
  }
  if (order !== 'IM' && order !== 'MI') {
    throw badData(`${range.name}: not a MATLAB level 5 file`)
  }
  return order === 'MI'
}

/** Walks cells and fields; what holds only one thing is entered without being named. */
function follow(matrix: Matrix, path: readonly string[]): Matrix | undefined {
  const [step, ...rest] = path
  if (matrix.kind === 'struct') {
    const field = matrix.fields.indexOf(step ?? '')
    const elements = matrix.cells.length / (matrix.fields.length || 1)
    if (field >= 0 && elements === 1) return follow(matrix.cells[field]!, rest)
    if (step === undefined && matrix.cells.length === 1) return follow(matrix.cells[0]!, [])
    const index = indexOf(step, elements)
    if (index === undefined) return undefined
    const { fields } = matrix
    const cells = matrix.cells.slice(index * fields.length, (index + 1) * fields.length)
    return follow({ ...matrix, shape: [1, 1], cells }, rest)
  }
  if (matrix.kind === 'cell') {
    if (step === undefined && isTexts(matrix)) return matrix
    if (step === undefined && matrix.cells.length === 1) return follow(matrix.cells[0]!, [])
    const index = indexOf(step, matrix.cells.length)
    return index === undefined ? undefined : follow(matrix.cells[index]!, rest)
  }
  return step === undefined ? matrix : undefined
}

const indexOf = (step: string | undefined, length: number): number | undefined =>
  step !== undefined && /^\d{1,9}$/.test(step) && Number(step) < length ? Number(step) : undefined

/** A cell array of strings is a list of texts. */
const isTexts = (matrix: Matrix & { kind: 'cell' }): boolean =>
  matrix.cells.length > 0 && matrix.cells.every(({ kind }) => kind === 'char')

function toArray(matrix: Matrix, name: string, transpose: boolean): FileArray {
  const { shape } = matrix
  const close = async () => {}
  const textArray = (texts: string[]): FileArray => ({
    kind: 'text',
    name,
    shape,
    rows: texts.length,
    texts,
    close,
  })
  switch (matrix.kind) {
    case 'numeric':
      return denseArray(name, matrix.values(), shape, { fortran: true, transpose })
    case 'sparse':
      return sparseArray(name, matrix, transpose)
    case 'char':
      return textArray(matrix.texts())
    case 'cell':
      return textArray(
        matrix.cells.map(cell => (cell.kind === 'char' ? (cell.texts()[0] ?? '') : '')),
      )
    default:
      throw badData(`${name}: is a ${describe(matrix)}, expected numbers or strings`)
  }
}

/** Cells and structs that unpack to more than this are listed as they are, not looked into. */
const LOOK_INTO = 256 << 20

async function listVariable(
  variable: Variable,
  load: (variable: Variable) => Promise<Matrix>,
): Promise<Listed[]> {
  const { head, element } = variable
  const nested = head.type === 'cell' || head.type === 'struct'
  if (!nested || element.range.length > LOOK_INTO / 16) {
    return [{ selector: head.name, describe: `${shapeText(head.shape)} ${head.type}` }]
  }
  return leaves(await load(variable), head.name)
}

function leaves(matrix: Matrix, selector: string): Listed[] {
  if (matrix.kind === 'cell' && !isTexts(matrix)) {
    return matrix.cells.flatMap((cell, index) => leaves(cell, `${selector}.${index}`))
  }
  if (matrix.kind === 'struct') {
    const { fields, cells } = matrix
    const single = cells.length === fields.length
    return cells.flatMap((cell, index) => {
      const field = fields[index % fields.length]!
      const element = single ? '' : `.${Math.floor(index / fields.length)}`
      return leaves(cell, `${selector}${element}.${field}`)
    })
  }
  return [{ selector, describe: describe(matrix) }]
}

const describe = (matrix: Matrix): string =>
  `${shapeText(matrix.shape)} ${'type' in matrix ? matrix.type : matrix.kind}`
