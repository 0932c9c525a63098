import { Type } from 'apache-arrow/enum'
import type { DataType, Float, Int } from 'apache-arrow/type'
import type { NumberFormat } from '../number-format.js'

/** How the numbers of a numeric column lie; undefined for any other type. */
export const formatOf = (type: DataType): NumberFormat | undefined => {
  if (type.typeId === Type.Float)
    return (['float16', 'float32', 'float64'] as const)[(type as unknown as Float).precision]
  if (type.typeId !== Type.Int) return undefined
  const { isSigned, bitWidth } = type as Int
  return `${isSigned ? '' : 'u'}int${bitWidth as 8 | 16 | 32 | 64}`
}
