import type { ColumnChunk, SchemaElement } from 'hyparquet'
import type { Writer } from 'hyparquet-writer'
import { badData } from '../../error.js'
import type { Cells } from '../../stream/arrow/cells.js'
import { listPages } from './list-pages.js'
import { pageHeader } from './page-header.js'

/** Writes one row group of a list column, uncompressed: vectors of floats hardly shrink. */
export const writeListChunk = (
  writer: Writer,
  column: Cells,
  elements: readonly SchemaElement[],
): ColumnChunk => {
  const { name, repetition_type } = elements[0]!
  if (hasNullItems(column))
    throw badData(
      `column '${name}' has nulls within lists, which parquet is not written for`,
      'choose what to write with --modality and --column, or write arrow',
    )
  const start = writer.offset
  let entries = 0
  for (const page of listPages(column, repetition_type === 'OPTIONAL')) {
    writer.appendBytes(pageHeader(page))
    writer.appendBytes(page.repetition)
    writer.appendBytes(page.definition)
    writer.appendBytes(page.values)
    entries += page.entries
  }
  const size = BigInt(writer.offset - start)
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: elements.at(-1)!.type!,
      encodings: ['PLAIN', 'RLE'],
      path_in_schema: elements.map(({ name }) => name),
      codec: 'UNCOMPRESSED',
      num_values: BigInt(entries),
      total_compressed_size: size,
      total_uncompressed_size: size,
      data_page_offset: BigInt(start),
    },
  }
}

const hasNullItems = ({ children }: Cells): boolean =>
  children.some(child => child.nulls > 0 || hasNullItems(child))
