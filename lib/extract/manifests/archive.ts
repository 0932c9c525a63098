import { badData, PcmError } from '../../error.js'
import { memoryRange } from '../../formats/byte-range.js'
import { parseObject } from '../../formats/jsonl.js'
import { openNpy } from '../../formats/npy.js'
import type { Cell } from '../../formats/table.js'
import { readTar, type Member } from '../../formats/tar.js'
import { groupSamples, leadsOut, type Sample } from '../../formats/webdataset.js'
import type { ManifestContent, ManifestFile } from './manifest.js'

/** Texts, JSON and small arrays are read with their sample; this is more than any of them needs. */
const LONGEST = 8 << 20

const TEXT = /(^|\.)(txt|text|transcript|cls|cls2|class|count|index|inx|id)$/
const JSON_OBJECT = /(^|\.)(json|jsn)$/
const ARRAY = /(^|\.)npy$/

/** The column of the samples' keys, as WebDataset calls it. */
const KEY = '__key__'

/**
 * A tar archive in the manner of WebDataset: neighbours with one key are an item, and a column is
 * called as their extension. Texts and JSON are read, `npy` is a list of numbers, everything else
 * stays where it is and is a file. `json.KEY` is an entry of the object in a JSON member.
 */
export async function openArchive(file: ManifestFile): Promise<ManifestContent> {
  for await (const sample of samplesOf(file)) {
    const columns = [KEY]
    for (const [extension, { cell }] of sample) {
      columns.push(extension)
      if (JSON_OBJECT.test(extension) && typeof cell === 'string') {
        const object = entriesOf(cell, file.name)
        if (!(object instanceof PcmError))
          columns.push(...Object.keys(object).map(key => `${extension}.${key}`))
      }
    }
    return {
      columns,
      open: true,
      idColumn: KEY,
      async *rows(wanted) {
        for await (const sample of samplesOf(file)) {
          yield { line: 0, cells: wanted.map(column => cellOf(sample, column)) }
        }
      },
    }
  }
  throw badData(`${file.name}: holds no members with a key and an extension`)
}

interface Found {
  name: string
  cell: Cell
}

type Columns = Map<string, Found>

/** Samples with their contents read: what a tar archive passes by is gone. */
async function* samplesOf(file: ManifestFile): AsyncGenerator<Columns> {
  let left = 0
  const read = async function* () {
    for await (const member of readTar(file.chunks(), file.name)) {
      if (member.type === 'directory') continue
      yield { name: member.name, cell: await contentOf(member, file) }
    }
  }
  for await (const sample of groupSamples(read(), () => left++)) yield columnsOf(sample, file.name)
  if (left > 0) {
    file.warn(`${file.name}: ${left} members without a key and an extension are left out`)
  }
}

const columnsOf = ({ key, members }: Sample<Found>, archive: string): Columns => {
  const columns: Columns = new Map([[KEY, { name: key, cell: key }]])
  for (const [extension, [first, second]] of members) {
    const twice = second && badData(`${archive}: '${second.name}' is there twice`)
    columns.set(extension, twice ? { name: first!.name, cell: twice } : first!)
  }
  return columns
}

async function contentOf(member: Member, { name, descriptor }: ManifestFile): Promise<Cell> {
  const where = `${name}: '${member.name}'`
  if (leadsOut(member.name)) return badData(`${where}: leads out of the archive`)
  if (member.type !== 'file' && member.type !== 'contiguous-file')
    return badData(`${where}: is a ${member.type}, expected a file`)
  const extension = member.name.toLowerCase()
  const small = [TEXT, JSON_OBJECT, ARRAY].some(kind => kind.test(extension))
  if (!small) {
    const { offset, size } = member
    return { name: `${name}::${member.name}`, file: descriptor, offset, length: size }
  }
  if (member.size > LONGEST)
    return badData(`${where}: ${member.size} bytes, expected at most ${LONGEST >> 20} MiB`)
  const bytes = await member.bytes()
  return ARRAY.test(extension) ? numbersOf(bytes, where) : textOf(bytes, where)
}

const textOf = (bytes: Buffer, where: string): Cell => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch (error) {
    return badData(`${where}: not UTF-8 text`, undefined, error)
  }
}

/** Of one axis a list, of two a list of lists: views. */
async function numbersOf(bytes: Buffer, where: string): Promise<Cell> {
  try {
    const array = await openNpy(memoryRange(where, bytes), false)
    if (array.kind === 'text') return array.texts
    const values = new Float64Array(array.rows * array.dim)
    await array.read(0, values)
    if (array.shape.length < 2) return [...values]
    return Array.from({ length: array.rows }, (_, row) => [
      ...values.subarray(row * array.dim, (row + 1) * array.dim),
    ])
  } catch (error) {
    if (error instanceof PcmError) return error
    throw error
  }
}

const entriesOf = (text: string, where: string): Readonly<Record<string, Cell>> | PcmError => {
  try {
    return parseObject(text, where)
  } catch (error) {
    if (error instanceof PcmError) return error
    throw error
  }
}

/** The longest extension that is there wins: `meta.json` before `json` of the key `meta`. */
function cellOf(sample: Columns, column: string): Cell {
  const found = sample.get(column)
  if (found) return found.cell
  for (let dot = column.lastIndexOf('.'); dot > 0; dot = column.lastIndexOf('.', dot - 1)) {
    const extension = column.slice(0, dot)
    const member = JSON_OBJECT.test(extension) ? sample.get(extension) : undefined
    if (!member) continue
    if (typeof member.cell !== 'string') return member.cell
    const object = entriesOf(member.cell, member.name)
    return object instanceof PcmError ? object : (object[column.slice(dot + 1)] ?? null)
  }
  return null
}
