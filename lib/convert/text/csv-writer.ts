import { badData } from '../../error.js'
import type { Sink } from '../../stream/sink.js'
import type { ModalityField, OtherField, StreamSchema } from '../../stream/types.js'
import type { TableWriter } from '../table.js'
import { checkReadable, modalityWriter, otherWriter, type TextStyle } from './cell-writer.js'
import { TextBuffer } from './text-buffer.js'

const LINE_END = 10
const FLUSH_AT = 1 << 20

/**
 * CSV (RFC 4180, with LF) or TSV: a header, then a line an item. A vector is a column a number,
 * `photo_0` to `photo_511`; a category is its name. What is missing is an empty cell, an empty text
 * in CSV a pair of quotes.
 */
export const csvWriter = (
  sink: Sink,
  schema: StreamSchema,
  { tabs }: { tabs: boolean },
): TableWriter => {
  const format = tabs ? 'tsv' : 'csv'
  const separator = tabs ? 9 : 44
  const columns = columnOrder(schema)
  columns.forEach(column => checkHolds(column, format))
  checkReadable(schema.others, format)
  checkHeader(columns)
  const out = new TextBuffer()
  const quote = tabs ? tsvText : csvText
  const style: TextStyle = {
    out,
    missing: width => {
      for (let i = 1; i < width; i++) out.byte(separator)
    },
    value: (value, { name }, row) =>
      out.text(
        typeof value === 'string'
          ? quote(value, `row ${row}: column '${name}'`)
          : typeof value === 'number'
            ? numberText(value)
            : String(value),
      ),
    vectors: (values, dim, from) => out.decimals(values, from * dim, (from + 1) * dim, separator),
    name: name => out.text(quote(name, `class '${name}'`)),
    list: () => {},
  }
  const names = columns.flatMap(headerOf).map(name => quote(name, `column '${name}'`))
  out.text(names.join(tabs ? '\t' : ','))
  out.byte(LINE_END)
  return {
    async write(batch) {
      const cells = columns.map(column =>
        isModality(column)
          ? modalityWriter(style, column, batch)
          : otherWriter(style, column, batch),
      )
      for (let row = 0; row < batch.rows; row++) {
        cells.forEach((cell, at) => {
          if (at > 0) out.byte(separator)
          cell(row)
        })
        out.byte(LINE_END)
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

type Column = ModalityField | OtherField

const isModality = (column: Column): column is ModalityField => 'layout' in column

/** The id, the other columns, then the wide ones. */
const columnOrder = ({ modalities, others }: StreamSchema): Column[] => [
  ...others,
  ...modalities.toSorted((a, b) => +(a.layout === 'vector') - +(b.layout === 'vector')),
]

const headerOf = (column: Column): string[] =>
  isModality(column) && column.layout === 'vector'
    ? Array.from({ length: column.dim }, (_, i) => `${column.name}_${i}`)
    : [column.name]

const checkHolds = (column: Column, format: string): void => {
  if (!isModality(column) || column.layout === 'vector' || column.layout === 'category') return
  throw badData(
    `modality '${column.name}' has ${column.layout}, which ${format} cannot hold`,
    'write jsonl, parquet or arrow, or choose others with --modality',
  )
}

const checkHeader = (columns: readonly Column[]): void => {
  const names = new Set<string>()
  for (const name of columns.flatMap(headerOf)) {
    if (names.has(name)) throw badData(`two columns of the table would be named '${name}'`)
    names.add(name)
  }
}

const csvText = (text: string): string =>
  text === '' || /[",\r\n]|^\s|\s$|^\ufeff/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const tsvText = (text: string, where: string): string => {
  if (!/[\t\r\n]/.test(text)) return text
  throw badData(`${where}: holds a tab or a line end, which tsv cannot hold`, 'write csv or jsonl')
}

/** As pandas and NumPy read them. */
const numberText = (value: number): string =>
  Object.is(value, -0) ? '-0' : Number.isFinite(value) ? String(value) : infinite(value)

const infinite = (value: number): string =>
  Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
