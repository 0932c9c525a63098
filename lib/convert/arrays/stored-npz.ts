import { badData } from '../../error.js'
import type { ByteRange } from '../../formats/byte-range.js'
import { readNpyHeader } from '../../formats/npy.js'
import type { NumberType } from '../../formats/numbers.js'
import { byteSize } from '../../formats/numbers.js'
import { openZipEntry, readZip } from '../../formats/zip.js'
import { METADATA_MEMBER } from './npz-writer.js'
import type { PartType } from './parts.js'
import type { StoredArray, StoredArrays } from './stored.js'

/** Longest text that is taken for the metadata of an archive. */
const LONGEST_METADATA = 1 << 26

/** The arrays of a .npz archive as they lie, with what pcm-convert wrote beside them. */
export const storedNpz = async (range: ByteRange): Promise<StoredArrays> => {
  const entries = await readZip(range)
  const arrays = new Map<string, StoredArray>()
  const beside = entries.find(
    ({ name, size }) => name === METADATA_MEMBER && size <= LONGEST_METADATA,
  )
  // What another program wrote may hold what cannot be read, and is not looked into.
  if (!beside) return { name: range.name, metadata: new Map(), arrays, close: () => range.close() }
  const member = await openZipEntry(range, beside)
  const metadata = parseTexts(await member.read(0, member.length), member.name)
  for (const entry of entries.filter(({ name }) => name.endsWith('.npy'))) {
    const stored = await storedNpy(await openZipEntry(range, entry))
    if (stored) arrays.set(entry.name.slice(0, -4), stored)
  }
  return { name: range.name, metadata, arrays, close: () => range.close() }
}

/** undefined for what pcm never writes: big-endian numbers, Fortran order, byte strings. */
const storedNpy = async (range: ByteRange): Promise<StoredArray | undefined> => {
  const { header, dataStart } = await readNpyHeader(range)
  const { type, descr, width, unicode, shape, bigEndian, fortran } = header
  if (bigEndian || (fortran && shape.length > 1) || (type === 'text' && !unicode)) return undefined
  const bytes = type === 'text' ? width : byteSize[type]
  const slot = bytes * shape.slice(1).reduce((product, side) => product * side, 1)
  if (dataStart + slot * (shape[0] ?? 1) !== range.length)
    throw badData(`${range.name}: its shape and its bytes do not agree`)
  return {
    name: range.name,
    type: descr === '|b1' ? 'boolean' : partType(type),
    shape,
    textBytes: type === 'text' ? width : undefined,
    read: (first, count) => range.read(dataStart + first * slot, count * slot),
  }
}

/** npy has no bfloat16. */
const partType = (type: NumberType | 'text'): PartType => (type === 'bfloat16' ? 'uint16' : type)

const parseTexts = (bytes: Buffer, name: string): Map<string, string> => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return new Map(Object.entries(value).map(([key, text]) => [key, String(text)]))
  } catch {
    // Said below.
  }
  throw badData(`${name}: expected a JSON object of texts`)
}
