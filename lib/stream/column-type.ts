import type { NumberFormat } from './number-format.js'

/** What a column holds, free of Arrow: for whoever turns streams into other formats and back. */
export type ColumnType =
  | { is: 'text' }
  | { is: 'binary' }
  | { is: 'boolean' }
  | { is: 'number'; format: NumberFormat }
  /** Days since 1970, Int32. */
  | { is: 'date' }
  /** Int64 since 1970, in UTC or by a clock on the wall. */
  | { is: 'timestamp'; unit: TimeUnit; utc: boolean }
  | { is: 'list'; item: ColumnType }
  /** A list of `size` items, no more and no less. */
  | { is: 'vector'; size: number; item: ColumnType }
  /** Anything else; `name` is for messages. */
  | { is: 'other'; name: string }

export type TimeUnit = 'second' | 'millisecond' | 'microsecond' | 'nanosecond'

/** Whether it is a list of numbers, or of lists of numbers, of any length. */
export const holdsNumbers = (type: ColumnType): boolean =>
  (type.is === 'list' || type.is === 'vector') &&
  (type.item.is === 'number' || holdsNumbers(type.item))

/** The type in a few words. */
export const typeText = (type: ColumnType): string => {
  switch (type.is) {
    case 'number':
      return type.format
    case 'list':
      return `list of ${typeText(type.item)}`
    case 'vector':
      return `list of ${type.size} ${typeText(type.item)}`
    case 'other':
      return type.name
    default:
      return type.is
  }
}
