import { badData } from '../../error.js'
import { isNull, type Cells } from '../../stream/arrow/cells.js'
import type { ColumnInfo } from '../../stream/columns.js'
import { NUMBER_FORMATS, viewAs, type NumberFormat } from '../../stream/number-format.js'
import type { Sink } from '../../stream/sink.js'
import type { TableWriter } from '../table.js'
import { npyBytes } from './npy-bytes.js'
import { descrOf, npyHeader } from './npy-header.js'
import { partsOf, shapeOf, type ArrayPart } from './parts.js'
import { SpooledPart } from './spooled-part.js'

/**
 * One column as a .npy array, vectors as rows x dim. Into a file it is written as it comes, and the
 * number of rows put into its header at the end; else (and texts) by way of a temporary file.
 * @param nan what has no value is written as NaN
 */
export const npyWriter = async (
  sink: Sink,
  column: ColumnInfo,
  { nan }: { nan: boolean },
): Promise<TableWriter> => {
  const given = onlyPart(column)
  const part: ArrayPart = {
    ...given,
    take: cells => {
      const data = given.take(cells)
      if (cells.nulls === 0) return data
      if (!nan || !isFloat(given)) throw missing(column.name)
      return { ...data, bytes: withNaN(data.bytes, given, cells) }
    },
  }
  return sink.patch && part.type !== 'text'
    ? inPlace(sink, part, column.name)
    : gathered(sink, await SpooledPart.open(part), column.name)
}

const onlyPart = (column: ColumnInfo): ArrayPart => {
  const parts = partsOf(column, 'npy').filter(({ role }) => role !== 'present')
  if (parts.length === 1) return parts[0]!
  throw badData(
    `column '${column.name}' has lists of any length, which npy cannot hold`,
    'write npz or safetensors, which hold them with their offsets, or parquet',
  )
}

const missing = (name: string) =>
  badData(
    `column '${name}' has no value in some rows, which npy cannot hold`,
    '--missing drop leaves such rows out, --missing nan fills vectors; npz and parquet hold them',
  )

/** Straight into a file; `rows` are known when all are there. */
const inPlace = (sink: Sink, part: ArrayPart, name: string): TableWriter => {
  const header = (rows: number) => npyHeader(descrOf(part.type), shapeOf(part, rows))
  let rows = 0
  return {
    async write(batch) {
      const { bytes } = part.take(batch.cells(name))
      if (rows === 0) await sink.write(header(0))
      await sink.write(bytes)
      rows += batch.rows
    },
    async finish() {
      if (rows === 0) await sink.write(header(0))
      else await sink.patch!(0, header(rows))
      await sink.finish()
    },
    async close() {},
  }
}

const gathered = (sink: Sink, spooled: SpooledPart, name: string): TableWriter => ({
  write: batch => spooled.add(batch.cells(name)),
  async finish() {
    for await (const bytes of npyBytes(spooled)) await sink.write(bytes)
    await sink.finish()
  },
  close: () => spooled.close(),
})

const NOT_A_NUMBER: Partial<Record<NumberFormat, number>> = {
  float16: 0x7e00,
  float32: NaN,
  float64: NaN,
}

const isFloat = ({ type }: ArrayPart): boolean => Object.hasOwn(NOT_A_NUMBER, type)

const withNaN = (bytes: Uint8Array, { type, dim = 1 }: ArrayPart, cells: Cells): Uint8Array => {
  const format = type as 'float16' | 'float32' | 'float64'
  const filled = NUMBER_FORMATS[format].from(viewAs(format, bytes) as ArrayLike<number>)
  for (let row = 0; row < cells.length; row++)
    if (isNull(cells, row)) filled.fill(NOT_A_NUMBER[format]!, row * dim, (row + 1) * dim)
  return new Uint8Array(filled.buffer)
}
