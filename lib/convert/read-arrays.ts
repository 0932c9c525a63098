import { badData } from '../error.js'
import { arrayFeature } from '../extract/features/array.js'
import { failAtOnce, type Block } from '../extract/features/types.js'
import { arrayOther } from '../extract/others.js'
import { shapeText, type FileArray } from '../formats/array.js'
import { batchMaker, type MadeColumns } from '../stream/made-batch.js'
import { rowsPerBatch } from '../stream/rows-per-batch.js'
import type { OtherField, StreamSchema } from '../stream/types.js'
import type { Rows } from './table.js'

/**
 * Arrays that no pcm program wrote. Those of rows x numbers are vectors, those of one value a row
 * are carried along; `id` names the rows, which else are named by their numbers.
 */
export const arrayRows = async (
  path: string,
  arrays: ReadonlyMap<string, FileArray>,
): Promise<Rows> => {
  const rows = agreedRows(path, arrays)
  const ids = arrays.has('id') ? await idsOf(arrays.get('id')!) : undefined
  const named = [...arrays].filter(([name]) => name !== 'id')
  const features = named
    .filter(([, array]) => isVectors(array))
    .map(([name, array]) => arrayFeature({ name, float: 'float32' }, array))
  const others = await Promise.all(
    named.filter(([, array]) => !isVectors(array)).map(([name, array]) => arrayOther(name, array)),
  )
  const schema: StreamSchema = {
    content: 'features',
    modalities: features.map(({ field }) => field),
    others: [ID, ...others.map(({ field }) => field)],
    provenance: [],
    metadata: new Map(),
  }
  const make = await batchMaker(schema, path)
  const columnsOf = async (block: Block): Promise<MadeColumns> => ({
    rows: block.length,
    modalities: Object.fromEntries(
      await Promise.all(
        features.map(
          async ({ field, read }) => [field.name, await read(block, failAtOnce)] as const,
        ),
      ),
    ),
    others: Object.fromEntries([
      ['id', { layout: 'other' as const, values: block.map(({ id }) => id) }],
      ...(await Promise.all(
        others.map(
          async ({ field, read }) =>
            [field.name, { layout: 'other' as const, values: await read(block) }] as const,
        ),
      )),
    ]),
  })
  const size = rowsPerBatch(schema)
  return {
    schema,
    async *batches() {
      for (let first = 0; first < rows; first += size) {
        const block = Array.from({ length: Math.min(size, rows - first) }, (_, i) => {
          const number = first + i
          return { number, line: 0, id: ids ? ids[number]! : String(number), cells: [] }
        })
        yield make(await columnsOf(block), first)
      }
    },
    summaries: () => [],
    async close() {
      for (const array of arrays.values()) await array.close()
    },
  }
}

const ID: OtherField = { name: 'id', type: 'text', nullable: false, metadata: new Map() }

const isVectors = (array: FileArray): boolean => array.kind === 'numeric' && array.shape.length > 1

const agreedRows = (path: string, arrays: ReadonlyMap<string, FileArray>): number => {
  const [first, ...rest] = [...arrays.values()]
  if (!first) throw badData(`${path}: holds no arrays`)
  const other = rest.find(({ rows }) => rows !== first.rows)
  if (!other) return first.rows
  throw badData(
    `${path}: ${first.name} has ${first.rows} rows (${shapeText(first.shape)}), ${other.name} has ${other.rows} (${shapeText(other.shape)})`,
    'read those that belong together with pcm-extract, one modality each',
  )
}

const idsOf = async (array: FileArray): Promise<readonly string[]> => {
  if (array.kind === 'text') return array.texts
  const numbers = new Float64Array(array.rows)
  if (array.dim === 1) await array.read(0, numbers)
  if (array.dim !== 1 || !numbers.every(Number.isSafeInteger))
    throw badData(`${array.name}: expected one text or integer a row`)
  return Array.from(numbers, String)
}
