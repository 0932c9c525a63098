import { badUsage } from '../error.js'
import { columnsOf } from '../stream/columns.js'
import type { Sink } from '../stream/sink.js'
import type { StreamSchema } from '../stream/types.js'
import type { Choice } from './choose.js'
import type { Format } from './format.js'
import type { TableWriter } from './table.js'

/** What becomes of rows without a value: `keep` as the format has them, leave out, or NaN (npy). */
export type Missing = 'keep' | 'drop' | 'nan'

/** The writer of a format; throws badData where the format cannot hold what the schema says. */
export const openWriter = async (
  format: Format,
  sink: Sink,
  schema: StreamSchema,
  { choice, missing }: { choice: Choice; missing: Missing },
): Promise<TableWriter> => {
  switch (format) {
    case 'stream':
    case 'arrow':
      return (await import('./arrow-writer.js')).arrowWriter(sink, schema, {
        file: format === 'arrow',
      })
    case 'csv':
    case 'tsv':
      return (await import('./text/csv-writer.js')).csvWriter(sink, schema, {
        tabs: format === 'tsv',
      })
    case 'jsonl':
      return (await import('./text/jsonl-writer.js')).jsonlWriter(sink, schema)
    case 'npy': {
      const name = onlyName(schema, choice)
      const column = (await columnsOf(schema)).find(column => column.name === name)!
      const { npyWriter } = await import('./arrays/npy-writer.js')
      return npyWriter(sink, column, { nan: missing === 'nan' })
    }
    case 'npz':
      return (await import('./arrays/npz-writer.js')).npzWriter(sink, schema)
    case 'safetensors':
      return (await import('./arrays/safetensors-writer.js')).safetensorsWriter(sink, schema)
    case 'parquet':
      return (await import('./parquet/writer.js')).parquetWriter(sink, schema)
  }
}

/** An array file holds one column: the one that was asked for. */
const onlyName = ({ modalities, others }: StreamSchema, choice: Choice): string => {
  const [name, second] = [...choice.modalities, ...choice.columns]
  if (name !== undefined && second === undefined) return name
  throw badUsage(
    `npy holds one column, ${name === undefined ? 'and none is named' : `not ${name} and ${second}`}`,
    `name it: --modality ${modalities[0]?.name ?? 'NAME'}, or --column ${others[0]?.name ?? 'NAME'}; npz holds all`,
  )
}
