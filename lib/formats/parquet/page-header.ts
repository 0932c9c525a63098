import { readStruct, type Struct, type Value } from './thrift.js'

/** What stands before the bytes of a page (parquet.thrift: PageHeader). */
export interface PageHeader {
  kind: 'data' | 'data-v2' | 'dictionary' | 'other'
  packedBytes: number
  bytes: number
  /** Entries, or values of a dictionary. */
  values: number
  encoding: number
  /** Of data-v2: bytes of the levels, which are never compressed. */
  definitionBytes: number
  repetitionBytes: number
  compressed: boolean
}

const KINDS: Record<number, PageHeader['kind']> = { 0: 'data', 2: 'dictionary', 3: 'data-v2' }
const LARGEST_PAGE = 1 << 29
const MOST_VALUES = 1 << 28

/** The header at the beginning of `bytes`, its sizes within reason, and where it ends. */
export const readPageHeader = (bytes: Uint8Array): { header: PageHeader; end: number } => {
  const { struct, end } = readStruct(bytes)
  const kind = KINDS[numberAt(struct, 1)] ?? 'other'
  const own = structAt(struct, { data: 5, dictionary: 7, 'data-v2': 8, other: 0 }[kind])
  if (kind !== 'other' && !own) throw new Error('a page without its header')
  const of = (field: number, most: number) => (own ? count(own, field, most) : 0)
  const v2 = kind === 'data-v2'
  const header = {
    kind,
    packedBytes: count(struct, 3, LARGEST_PAGE),
    bytes: count(struct, 2, LARGEST_PAGE),
    values: of(1, MOST_VALUES),
    encoding: of(v2 ? 4 : 2, 255),
    definitionBytes: v2 ? of(5, LARGEST_PAGE) : 0,
    repetitionBytes: v2 ? of(6, LARGEST_PAGE) : 0,
    compressed: own?.get(7) !== false,
  }
  return { header, end }
}

const numberAt = (struct: Struct, field: number): number => {
  const value = struct.get(field)
  if (typeof value === 'number') return value
  throw new Error('a page header is incomplete')
}

const count = (struct: Struct, field: number, most: number): number => {
  const value = numberAt(struct, field)
  if (value >= 0 && value <= most) return value
  throw new Error(`a page header claims ${value}, expected at most ${most}`)
}

const structAt = (struct: Struct, field: number): Struct | undefined => {
  const value: Value | undefined = struct.get(field)
  return value instanceof Map ? value : undefined
}
