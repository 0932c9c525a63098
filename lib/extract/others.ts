import { badData } from '../error.js'
import { shapeText, type FileArray } from '../formats/array.js'
import { openArray } from '../formats/array-file.js'
import { describeCell } from '../formats/table.js'
import type { OtherField } from '../stream/types.js'
import { readRows } from './features/array.js'
import { rowName, type Block } from './features/types.js'
import type { ManifestColumn } from './features/vector.js'
import type { Split } from './split.js'
import { isMissing, numberOf } from './survey.js'

type Value = string | number | boolean | null

/** Makes one column that is no modality. */
export interface Other {
  readonly field: OtherField
  read(block: Block): Promise<Value[]>
  close(): Promise<void>
}

/** A column carried along from the manifest: numbers where all its values are, else texts. */
export function manifestOther(name: string, column: ManifestColumn, where: string): Other {
  const { all, present } = column.facts
  const type = present === 0 ? 'text' : all.integer ? 'integer' : all.number ? 'real' : 'boolean'
  const field = otherField(name, type === 'boolean' && !all.boolean ? 'text' : type)
  return {
    field,
    read: async block =>
      block.map(row => {
        const cell = row.cells[column.at]!
        if (isMissing(cell)) return null
        if (typeof cell === 'object') {
          const found = `${where}: ${rowName(row)}: column '${column.name}': ${describeCell(cell)}`
          throw badData(`${found}, expected one value`)
        }
        if (field.type === 'text') return String(cell)
        return field.type === 'boolean' ? cell === true : numberOf(cell)!
      }),
    close: async () => {},
  }
}

/** A column carried along from an array of one value an item. NaN is missing. */
export async function arrayOther(name: string, array: FileArray): Promise<Other> {
  const close = () => array.close()
  if (array.kind === 'text') {
    const read = async (block: Block) => block.map(row => array.texts[row.number]!)
    return { field: otherField(name, 'text'), read, close }
  }
  const values = new Float64Array(array.rows)
  await array.read(0, values)
  const whole = values.every(value => Number.isNaN(value) || Number.isSafeInteger(value))
  const read = async (block: Block): Promise<Value[]> => {
    const numbers = new Float64Array(block.length)
    await readRows(array, block, numbers)
    return Array.from(numbers, number => (Number.isNaN(number) ? null : number))
  }
  return { field: otherField(name, whole ? 'integer' : 'real'), read, close }
}

/** Every row's id: its own column, or its number. */
export const idColumn: Other = {
  field: otherField('id', 'text'),
  read: async block => block.map(({ id }) => id),
  close: async () => {},
}

export const splitColumn = (split: Split): Other => ({
  field: otherField('split', 'text'),
  read: async block => block.map(({ number, id }) => split.of(number, id)),
  close: async () => {},
})

function otherField(name: string, type: OtherField['type']): OtherField {
  return { name, type, nullable: name !== 'id', metadata: new Map() }
}

/** Opens an array that must hold one value an item, lying either way. */
export async function openList(path: string, selector: string | undefined): Promise<FileArray> {
  const array = await openArray(path, { selector, transpose: false })
  if (array.kind === 'text' || array.dim === 1) return array
  await array.close()
  if (array.rows === 1) return openArray(path, { selector, transpose: true })
  throw badData(`${array.name}: is ${shapeText(array.shape)}, expected one value an item`)
}
