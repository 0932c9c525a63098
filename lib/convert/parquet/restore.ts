import { badData } from '../../error.js'
import type { ParquetTable } from '../../formats/parquet/table.js'
import { gather } from '../../stream/arrow/gather.js'
import { isNull, type Cells } from '../../stream/arrow/cells.js'
import { typeText, type ColumnType } from '../../stream/column-type.js'
import { restoreSchema } from '../../stream/restored.js'
import { ARROW_SCHEMA } from '../arrays/meta.js'
import type { Rows } from '../table.js'

/** The rows that a pcm program wrote; undefined where the file says nothing of such a schema. */
export const restoredRows = async (table: ParquetTable): Promise<Rows | undefined> => {
  const text = table.metadata.get(ARROW_SCHEMA)
  if (text === undefined || !table.metadata.has('pcm.schema')) return undefined
  const { schema, columns, batch } = await restoreSchema(Buffer.from(text, 'base64'), table.name)
  const names = columns.map(({ name }) => name)
  const shapes = columns.map(({ name, type }) => {
    const found = table.columns.find(column => column.name === name)
    if (!found) throw badData(`${table.name}: no column '${name}', which its own schema names`)
    if (!sameShape(found.type, type))
      throw badData(
        `${table.name}: column '${name}' is ${typeText(found.type)}, expected ${typeText(type)} by its own schema`,
      )
    return type
  })
  return {
    schema,
    async *batches() {
      let first = 0
      for await (const { rows, cells } of table.batches(names)) {
        const shaped = cells.map((column, i) => {
          const where = `${table.name}: column '${names[i]}'`
          return withSizes(column, shapes[i]!, slot => `${where}: row ${first + slot}`)
        })
        yield batch(shaped, rows, first)
        first += rows
      }
    },
    summaries: () => [],
    close: () => table.close(),
  }
}

/** Parquet knows lists of any length only. */
const sameShape = (found: ColumnType, wanted: ColumnType): boolean => {
  if (wanted.is === 'vector' || wanted.is === 'list')
    return found.is === 'list' && sameShape(found.item, wanted.item)
  return JSON.stringify(found) === JSON.stringify(wanted)
}

/** Lists that must be of one length become so, at any depth; nulls get room of their own. */
const withSizes = (column: Cells, type: ColumnType, row: (slot: number) => string): Cells => {
  if (type.is === 'list') {
    const child = withSizes(
      column.children[0]!,
      type.item,
      slot => `${row(0)} and on, item ${slot}`,
    )
    return { ...column, form: { kind: 'list', child: child.form }, children: [child] }
  }
  if (type.is !== 'vector') return column
  const { offsets, children, length } = column
  for (let slot = 0; slot < length; slot++) {
    const found = offsets[slot + 1]! - offsets[slot]!
    if (found !== type.size && !isNull(column, slot))
      throw badData(`${row(slot)}: ${found} values, expected ${type.size}`)
  }
  const child = column.nulls === 0 ? children[0]! : spread(column, type.size)
  return {
    ...column,
    form: { kind: 'fixed-list', size: type.size, child: child.form },
    offsets: new Int32Array(1),
    children: [child],
  }
}

/** Room for the rows that have no list: zeros. */
const spread = (column: Cells, size: number): Cells => {
  const { offsets, length, children } = column
  const runs = Array.from({ length }, (_, slot) => ({
    start: isNull(column, slot) ? -1 : offsets[slot]!,
    count: size,
  }))
  return gather(children[0]!, runs, 'zero')
}
