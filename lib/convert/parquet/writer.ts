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
import { flatSource } from './flat-values.js'
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
    const whole = (name: string) => {
      const parts = waiting.map((batch): Cells => batch.cells(name))
      return concat(parts[0]!.form, parts)
    }
    // The package writes the columns of one value a row, among them the id, so there is one.
    const flat = columns.filter(({ elements }) => elements.length === 1)
    await writer.write({
      columnData: flat.map(({ name, type }) => flatSource(name, whole(name), type)),
      rowGroupSize: rows,
    })
    await flush()
    const group = writer.row_groups.at(-1)!
    const chunks = new Map(flat.map(({ name }, at) => [name, group.columns[at]!]))
    for (const { name, elements } of columns) {
      if (elements.length === 1) continue
      chunks.set(name, writeListChunk(bytes, whole(name), elements))
      await flush()
    }
    group.columns = columns.map(({ name }) => chunks.get(name)!)
    group.total_byte_size = group.columns.reduce(
      (sum, { meta_data: chunk }) => sum + chunk!.total_uncompressed_size,
      0n,
    )
    group.total_compressed_size = BigInt(bytes.offset - start)
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
