import type { ColumnChunk, SchemaElement } from 'hyparquet'
import type { Writer } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { badData } from '../../error.js'
import type { Cells } from '../../stream/arrow/cells.js'
import { listPages } from './list-pages.js'

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
    const { repetition, definition, values } = page
    const size = repetition.byteLength + definition.byteLength + values.byteLength
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: size,
      compressed_page_size: size,
      data_page_header_v2: {
        num_values: page.entries,
        num_nulls: page.nulls,
        num_rows: page.rows,
        encoding: 'PLAIN',
        definition_levels_byte_length: definition.byteLength,
        repetition_levels_byte_length: repetition.byteLength,
        is_compressed: false,
      },
    })
    writer.appendBytes(repetition)
    writer.appendBytes(definition)
    writer.appendBytes(values)
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
