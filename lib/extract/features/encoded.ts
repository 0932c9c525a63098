import { isAbsolute, join } from 'node:path'
import { badData, PcmError } from '../../error.js'
import { describeCell, isFilePart, type Cell } from '../../formats/table.js'
import type { Kind, ModalityColumn } from '../../stream/types.js'
import type { Encoder, Raw } from '../encoders/types.js'
import { isMissing } from '../survey.js'
import { fill } from '../templates.js'
import { rowName, type Feature } from './types.js'
import { firstUnfit } from './unfit.js'
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

/** One thing to encode and where it was found: the row's place in its block, and the column. */
interface Found {
  index: number
  column: string
  raw: Raw
}

/**
 * An image, audio or text modality: what its columns hold, through an encoder. Several columns, a
 * list in one, or templates make views.
 */
export function encodedFeature(request: Request): Feature {
  const { name, kind, columns, templates, encoder, where } = request
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

  const read: Feature['read'] = async (block, report) => {
    const bad = new Set<number>()
    const refuse = (index: number, column: string, error: PcmError): void => {
      // Bad files are bad data, whatever kept them from being read: the manifest names them.
      const place = `${where}: ${rowName(block[index]!)}: column '${column}'`
      if (!bad.has(index)) report(index, badData(`${place}: ${error.message}`, error.hint, error))
      bad.add(index)
    }
    const found: Found[] = []
    block.forEach((row, index) => {
      for (const { name: column, at } of columns) {
        for (const raw of rawsOf(row.cells[at]!, request)) {
          if (raw instanceof PcmError) refuse(index, column, raw)
          else found.push({ index, column, raw })
        }
      }
    })
    const results = await encoder.encode(found.map(({ raw }) => raw))
    results.forEach((result, at) => {
      const { index, column } = found[at]!
      const error = result instanceof PcmError ? result : misfit(result, field)
      if (error) refuse(index, column, error)
    })
    // An item one of whose views is bad lacks them all.
    const sound = results.filter((_, at) => !bad.has(found[at]!.index)) as Float32Array[]
    const counts = new Int32Array(block.length)
    for (const { index } of found) if (!bad.has(index)) counts[index]!++
    return layOut(field, sound, counts)
  }
  return { field, read, close: async () => {} }
}

const misfit = (
  values: Float32Array,
  { float, encoder }: Feature['field'],
): PcmError | undefined => {
  const at = firstUnfit(values, float)
  if (at < 0) return undefined
  return badData(`${encoder} gave ${values[at]}, expected finite numbers in ${float}`)
}

type Meaning = Pick<Request, 'kind' | 'templates' | 'directory'>

/** What a cell means to the encoder, one by one, or what is wrong with it. */
function* rawsOf(cell: Cell, meaning: Meaning): Generator<Raw | PcmError, void> {
  const { kind, templates, directory } = meaning
  if (isMissing(cell)) return
  if (Array.isArray(cell)) {
    for (const one of cell as readonly Cell[]) {
      if (Array.isArray(one)) yield badData('a list of lists')
      else yield* rawsOf(one, meaning)
    }
  } else if (cell instanceof PcmError) yield cell
  else if (kind === 'text') {
    if (isFilePart(cell)) yield badData('a file, expected a text')
    else if (!templates) yield { text: String(cell) }
    else for (const template of templates) yield { text: fill(template, String(cell)) }
  } else if (isFilePart(cell)) yield { path: cell.name, part: cell }
  else if (typeof cell !== 'string') yield badData(`${describeCell(cell)}, expected a path`)
  else yield { path: isAbsolute(cell) ? cell : join(directory, cell) }
}

/** The column of results in order, `counts` of them in each row. */
function layOut(
  { layout, dim }: Feature['field'],
  results: readonly Float32Array[],
  counts: Int32Array,
): ModalityColumn {
  const present = Uint8Array.from(counts, count => (count > 0 ? 1 : 0))
  const offsets = new Int32Array(counts.length + 1)
  counts.forEach((count, row) => (offsets[row + 1] = offsets[row]! + count))
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
