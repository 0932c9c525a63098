import type { ListPage } from './list-pages.js'

/**
 * The header of an uncompressed page of version 2 with plain values (parquet.thrift: PageHeader,
 * DataPageHeaderV2), in Thrift's compact protocol.
 */
export const pageHeader = (page: ListPage): Uint8Array => {
  const { entries, nulls, rows, definition, repetition, values } = page
  const size = repetition.byteLength + definition.byteLength + values.byteLength
  return Uint8Array.from([
    ...integer(1, DATA_PAGE_V2),
    ...integer(1, size),
    ...integer(1, size),
    // Field 8, the header of this kind of page, is five further on.
    (5 << 4) | STRUCT,
    ...integer(1, entries),
    ...integer(1, nulls),
    ...integer(1, rows),
    ...integer(1, PLAIN),
    ...integer(1, definition.byteLength),
    ...integer(1, repetition.byteLength),
    (1 << 4) | FALSE,
    STOP,
    STOP,
  ])
}

const DATA_PAGE_V2 = 3
const PLAIN = 0
const STOP = 0
const FALSE = 2
const INTEGER = 5
const STRUCT = 12

/** A field `step` after the last one. */
const integer = (step: number, value: number): number[] => {
  const bytes = [(step << 4) | INTEGER]
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128)
    if (rest < 128) return bytes
  }
}
