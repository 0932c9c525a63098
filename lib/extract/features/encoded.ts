import { isAbsolute, join } from 'node:path'
import { badData, PcmError } from '../../error.js'
import type { Cell } from '../../formats/table.js'
import type { Kind, ModalityColumn } from '../../stream/types.js'
import type { Encoder, Raw } from '../encoders/types.js'
import { isMissing } from '../survey.js'
import { rowName, type Block, type Feature, type Row } from './types.js'
import type { ManifestColumn } from './vector.js'

interface Request {
  name: string
  kind: Kind
  columns: readonly ManifestColumn[]
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
 * An image, audio or text modality: what its columns hold, through an encoder. Several columns, or
 * a list in one, are views.
 */
export function encodedFeature({
  name,
  kind,
  columns,
  encoder,
  directory,
  where,
}: Request): Feature {
  const { dim } = encoder
  const views = columns.length > 1 || columns.some(({ facts }) => facts.lists)
  const field: Feature['field'] = {
    name,
    kind,
    layout: views ? 'views' : 'vector',
    dim,
    float: 'float32',
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
          found.push({ row, column, raw: raw(String(cell)) })
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
    const slots = views ? vectors.length : block.length
    const values = new Float32Array(slots * dim)
    if (views) {
      vectors.forEach((vector, index) => values.set(vector, index * dim))
      return { layout: 'views', dim, values, offsets, present }
    }
    present.forEach((one, index) => {
      if (one) values.set(vectors[offsets[index]!]!, index * dim)
    })
    return { layout: 'vector', dim, values, present }
  }
  return { field, read, close: async () => {} }
}

const listOf = (cell: Cell): readonly Cell[] =>
  Array.isArray(cell) ? (cell as readonly Cell[]) : [cell]
