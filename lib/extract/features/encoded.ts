import { isAbsolute, join } from 'node:path'
import { badData, PcmError } from '../../error.js'
import type { Cell } from '../../formats/table.js'
import type { Kind, ModalityColumn } from '../../stream/types.js'
import type { Encoder, Raw } from '../encoders/types.js'
import { isMissing } from '../survey.js'
import { fill } from '../templates.js'
import { rowName, type Block, type Feature, type Row } from './types.js'
import type { ManifestColumn } from './vector.js'

interface Request {
  name: string
  kind: Kind
  columns: readonly ManifestColumn[]
  /** Sentences to put each text into, each a view; the text itself where there are none. */
  templates: readonly string[] | undefined
  encoder: Encoder
  /** What paths in cells are relative to. */
  directory: string
  where: string
}

/** One thing to encode and where it was found. */
interface Found {
  row: Row
  column: string
  raw: Raw
}

/**
 * An image, audio or text modality: what its columns hold, through an encoder. Several columns, a
 * list in one, or templates make views.
 */
export function encodedFeature({
  name,
  kind,
  columns,
  templates,
  encoder,
  directory,
  where,
}: Request): Feature {
  const { dim } = encoder
  const views =
    columns.length > 1 || columns.some(({ facts }) => facts.lists) || templates !== undefined
  const tokens = encoder.layout === 'tokens'
  const field: Feature['field'] = {
    name,
    kind,
    layout: tokens ? (views ? 'views-of-tokens' : 'tokens') : views ? 'views' : 'vector',
    dim,
    float: encoder.float,
    unit: false,
    encoder: encoder.address,
  }
  const raw = (text: string): Raw =>
    kind === 'text' ? { text } : { path: isAbsolute(text) ? text : join(directory, text) }

  const find = (block: Block): { found: Found[]; offsets: Int32Array } => {
    const found: Found[] = []
    const offsets = new Int32Array(block.length + 1)
    block.forEach((row, index) => {
      for (const { name: column, at } of columns) {
        for (const cell of listOf(row.cells[at]!)) {
          if (isMissing(cell)) continue
          if (Array.isArray(cell)) throw cellError(row, column, 'a list of lists')
          if (kind !== 'text' && typeof cell !== 'string') {
            throw cellError(row, column, `${JSON.stringify(cell)}, expected a path`)
          }
          for (const text of templates?.map(template => fill(template, String(cell))) ?? [
            String(cell),
          ])
            found.push({ row, column, raw: raw(text) })
        }
      }
      offsets[index + 1] = found.length
    })
    return { found, offsets }
  }

  const cellError = (row: Row, column: string, problem: string, cause?: PcmError): PcmError =>
    badData(`${where}: ${rowName(row)}: column '${column}': ${problem}`, cause?.hint, cause)

  const read = async (block: Block): Promise<ModalityColumn> => {
    const { found, offsets } = find(block)
    const results = await encoder.encode(found.map(({ raw }) => raw))
    const present = Uint8Array.from(block, (_, index) =>
      offsets[index + 1]! > offsets[index]! ? 1 : 0,
    )
    const vectors = results.map((result, index) => {
      if (!(result instanceof PcmError)) return result
      const { row, column } = found[index]!
      // Bad files are bad data, whatever kept them from being read: the manifest names them.
      throw cellError(row, column, result.message, result)
    })
    return layOut(field, vectors, offsets, present)
  }
  return { field, read, close: async () => {} }
}

/** The column of what was found: row r has the results offsets[r] .. offsets[r + 1] - 1. */
function layOut(
  { layout, dim }: Feature['field'],
  results: readonly Float32Array[],
  offsets: Int32Array,
  present: Uint8Array,
): ModalityColumn {
  if (layout === 'vector') {
    const values = new Float32Array(present.length * dim)
    present.forEach((one, row) => {
      if (one) values.set(results[offsets[row]!]!, row * dim)
    })
    return { layout, dim, values, present }
  }
  const ends = new Int32Array(results.length + 1)
  results.forEach(({ length }, at) => (ends[at + 1] = ends[at]! + length / dim))
  const values = new Float32Array(ends[results.length]! * dim)
  results.forEach((result, at) => values.set(result, ends[at]! * dim))
  if (layout === 'views') return { layout, dim, values, offsets, present }
  if (layout === 'views-of-tokens')
    return { layout, dim, values, offsets, viewOffsets: ends, present }
  // An item has one result or none, so the results of its rows end where its own ends.
  const tokens = offsets.map(result => ends[result]!)
  return { layout: 'tokens', dim, values, offsets: tokens, present }
}

const listOf = (cell: Cell): readonly Cell[] =>
  Array.isArray(cell) ? (cell as readonly Cell[]) : [cell]
