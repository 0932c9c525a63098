import { Field } from 'apache-arrow/schema'
import { Float32, Int32, List } from 'apache-arrow/type'
import type { OtherField } from '../types.js'

const list = (name: string, number: Int32 | Float32): OtherField => {
  const arrow = new Field(name, new List(new Field('item', number, false)), false)
  return { name, type: 'opaque', nullable: false, metadata: new Map(), arrow }
}

/** The columns of a model: `name`, `shape` (List<Int32>) and `data` (List<Float32>). */
export const modelFields = (): OtherField[] => [
  { name: 'name', type: 'text', nullable: false, metadata: new Map() },
  list('shape', new Int32()),
  list('data', new Float32()),
]
