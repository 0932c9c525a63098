import { badData } from '../../error.js'
import type { Sink } from '../../stream/sink.js'
import type { StreamSchema } from '../../stream/types.js'
import type { TableWriter } from '../table.js'
import { checkReadable, modalityWriter, otherWriter, type TextStyle } from './cell-writer.js'
import { TextBuffer } from './text-buffer.js'

const COMMA = 44
const FLUSH_AT = 1 << 20

/**
 * JSON Lines: an object an item. A vector is a list of numbers, tokens and views are lists of
 * these, a category is its name; what is missing is null.
 */
export const jsonlWriter = (sink: Sink, schema: StreamSchema): TableWriter => {
  checkReadable(schema.others, 'jsonl')
  const out = new TextBuffer()
  const style: TextStyle = {
    out,
    missing: () => out.text('null'),
    value: (value, { name }, row) => {
      if (typeof value === 'number' && !Number.isFinite(value))
        throw badData(
          `row ${row}: column '${name}' is ${value}, which JSON cannot hold`,
          'write csv, parquet or arrow, or choose others with --column',
        )
      out.text(typeof value === 'bigint' ? String(value) : jsonText(value))
    },
    vectors: (values, dim, from, to, list) => {
      if (list) out.byte(OPEN)
      for (let vector = from; vector < to; vector++) {
        if (vector > from) out.byte(COMMA)
        out.byte(OPEN)
        out.decimals(values, vector * dim, (vector + 1) * dim, COMMA)
        out.byte(CLOSE)
      }
      if (list) out.byte(CLOSE)
    },
    name: name => out.text(JSON.stringify(name)),
    list: (count, item) => {
      out.byte(OPEN)
      for (let i = 0; i < count; i++) {
        if (i > 0) out.byte(COMMA)
        item(i)
      }
      out.byte(CLOSE)
    },
  }
  return {
    async write(batch) {
      const cells = [
        ...schema.others.map(field => ({ field, cell: otherWriter(style, field, batch) })),
        ...schema.modalities.map(field => ({ field, cell: modalityWriter(style, field, batch) })),
      ].map(({ field, cell }, at) => ({
        key: `${at === 0 ? '{' : ','}${JSON.stringify(field.name)}:`,
        cell,
      }))
      for (let row = 0; row < batch.rows; row++) {
        for (const { key, cell } of cells) {
          out.text(key)
          cell(row)
        }
        out.text('}\n')
        if (out.length > FLUSH_AT) await sink.write(out.take())
      }
    },
    async finish() {
      await sink.write(out.take())
      await sink.finish()
    },
    async close() {},
  }
}

const OPEN = 91
const CLOSE = 93

const jsonText = (value: string | number | boolean): string =>
  Object.is(value, -0) ? '-0' : JSON.stringify(value)
