import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Cells } from '../../stream/arrow/cells.js'
import { concat } from '../../stream/arrow/concat.js'
import type { Batch } from '../../stream/batch.js'
import { columnsOf } from '../../stream/columns.js'
import type { Sink } from '../../stream/sink.js'
import { bytesInBatch } from '../../stream/stack.js'
import type { StreamSchema } from '../../stream/types.js'
import { metadataOf } from '../arrays/meta.js'
import type { TableWriter } from '../table.js'
import { elementsOf } from './elements.js'
import { writeFlatChunk } from './flat-chunk.js'
import { writeListChunk } from './list-chunk.js'

/** A row group is written when so many bytes of rows have come. */
const ROW_GROUP_BYTES = 1 << 26

/** All columns as Parquet, row group by row group, with the schema that pyarrow and pcm restore. */
export const parquetWriter = async (sink: Sink, schema: StreamSchema): Promise<TableWriter> => {
  const columns = (await columnsOf(schema)).map(column => ({
    ...column,
    elements: elementsOf(column),
  }))
  const bytes = new ByteWriter(1 << 20)
  const metadata = { ...Object.fromEntries(schema.metadata), ...(await metadataOf(schema)) }
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(({ elements }) => elements),
    ],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'pcm-convert',
  })
  let waiting: Batch[] = []
  let waitingBytes = 0

  /** What was put together goes out, and its memory is used again. */
  const flush = async () => {
    await sink.write(bytes.getBytes())
    bytes.index = 0
  }
  const writeGroup = async () => {
    const rows = waiting.reduce((sum, batch) => sum + batch.rows, 0)
    if (rows === 0) return
    const start = bytes.offset
    const chunks = []
    for (const { name, type, elements } of columns) {
      const parts = waiting.map((batch): Cells => batch.cells(name))
      const column = concat(parts[0]!.form, parts)
      chunks.push(
        elements.length > 1
          ? writeListChunk(bytes, column, elements)
          : writeFlatChunk(bytes, column, type, elements[0]!, writer.compressors),
      )
      await flush()
    }
    writer.num_rows += BigInt(rows)
    writer.row_groups.push({
      columns: chunks,
      num_rows: BigInt(rows),
      total_byte_size: chunks.reduce((sum, c) => sum + c.meta_data!.total_uncompressed_size, 0n),
      total_compressed_size: BigInt(bytes.offset - start),
    })
    waiting = []
    waitingBytes = 0
  }
  return {
    async write(batch) {
      waiting.push(batch)
      waitingBytes += bytesInBatch(batch)
      if (waitingBytes >= ROW_GROUP_BYTES) await writeGroup()
    },
    async finish() {
      await writeGroup()
      writer.finish()
      await flush()
      await sink.finish()
    },
    async close() {},
  }
}
