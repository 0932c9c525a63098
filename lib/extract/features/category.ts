import { readFile } from 'node:fs/promises'
import { badData } from '../../error.js'
import type { FileArray } from '../../formats/array.js'
import { inputError } from '../../formats/byte-range.js'
import type { CategoryColumn } from '../../stream/types.js'
import { isMissing } from '../survey.js'
import { readRows } from './array.js'
import { describeCell } from '../../formats/table.js'
import { rowName, type Block, type Feature, type Report } from './types.js'
import type { ManifestColumn } from './vector.js'

/** What category each row of a block belongs to, as text; null = missing. */
type ReadNames = (block: Block, report: Report) => Promise<(string | null)[]>

/** A category modality: Int32 codes, and the names they stand for. */
export function categoryFeature(
  name: string,
  vocabulary: readonly string[],
  names: ReadNames,
  where: string,
): Feature {
  const codes = new Map(vocabulary.map((word, code) => [word, code]))
  if (codes.size === 0) throw badData(`${where}: no row has a category`)
  const field: Feature['field'] = {
    name,
    kind: 'category',
    layout: 'category',
    dim: 0,
    float: 'float32',
    unit: false,
    vocabulary: [...vocabulary],
  }
  return {
    field,
    read: async (block, report) => {
      const column: CategoryColumn = {
        layout: 'category',
        codes: new Int32Array(block.length),
        present: new Uint8Array(block.length),
      }
      ;(await names(block, report)).forEach((word, index) => {
        if (word === null) return
        const code = codes.get(word)
        if (code === undefined) {
          const place = `${where}: ${rowName(block[index]!)}`
          report(index, badData(`${place}: '${word}' is not among the ${codes.size} categories`))
          return
        }
        column.codes[index] = code
        column.present[index] = 1
      })
      return column
    },
    close: async () => {},
  }
}

export const namesInColumn =
  ({ name, at }: ManifestColumn, where: string): ReadNames =>
  async (block, report) =>
    block.map((row, index) => {
      const cell = row.cells[at]!
      if (isMissing(cell)) return null
      if (typeof cell !== 'object') return String(cell)
      const found = `${where}: ${rowName(row)}: column '${name}': ${describeCell(cell)}`
      report(index, badData(`${found}, expected one name`))
      return null
    })

/** Numbers are named as JavaScript writes them: 3, 0.5. */
export const namesInArray =
  (array: FileArray): ReadNames =>
  async block => {
    if (array.kind === 'text') return block.map(row => array.texts[row.number]! || null)
    const numbers = new Float64Array(block.length)
    await readRows(array, block, numbers)
    return Array.from(numbers, number => (Number.isNaN(number) ? null : String(number)))
  }

/** Names in order: numbers by size where all are numbers, else by code point. */
export function vocabularyOf(names: Iterable<string>): string[] {
  const words = [...new Set(names)]
  const numeric = words.every(word => word.trim() !== '' && Number.isFinite(Number(word)))
  return words.sort((a, b) => (numeric && Number(a) - Number(b)) || (a < b ? -1 : 1))
}

/** A vocabulary file: one name a line, in the order of their codes. */
export async function readVocabulary(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw inputError(path, error)
  })
  const words = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (words.at(-1) === '') words.pop()
  const empty = words.indexOf('')
  if (empty >= 0) throw badData(`${path}: line ${empty + 1} is empty, expected a name`)
  const twice = words.findIndex((word, at) => words.indexOf(word) !== at)
  if (twice >= 0) throw badData(`${path}: line ${twice + 1}: '${words[twice]}' is there twice`)
  if (words.length === 0) throw badData(`${path}: is empty, expected one name a line`)
  return words
}
