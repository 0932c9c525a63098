import { badData } from '../error.js'
import { noSuchArray, severalArrays, type FileArray, type Listed } from './array.js'
import type { ByteRange } from './byte-range.js'
import { describeNpy, openNpy } from './npy.js'
import { openZipEntry, readZip, type ZipEntry } from './zip.js'

/** One array of a NumPy `.npz` archive, by the name it was saved under. */
export async function openNpz(
  range: ByteRange,
  selector: string | undefined,
  transpose: boolean,
): Promise<FileArray> {
  const members = await arrayMembers(range)
  if (members.length === 0) throw badData(`${range.name}: holds no arrays`)
  const wanted =
    selector === undefined
      ? members.length === 1 && members[0]
      : members.find(({ name }) => name === `${selector}.npy`)
  if (!wanted) {
    const listed = await list(range, members)
    throw selector === undefined
      ? severalArrays(range.name, listed)
      : noSuchArray(range.name, selector, listed)
  }
  const entry = await openZipEntry(range, wanted)
  return openNpy(entry, transpose)
}

const arrayMembers = async (range: ByteRange): Promise<ZipEntry[]> =>
  (await readZip(range)).filter(({ name }) => name.endsWith('.npy'))

/** The names of all arrays, as they were saved. */
export const arrayNames = async (range: ByteRange): Promise<string[]> =>
  (await arrayMembers(range)).map(({ name }) => name.slice(0, -4))

/** Enough members for a message, with the shapes of those small enough to look into. */
async function list(range: ByteRange, members: readonly ZipEntry[]): Promise<Listed[]> {
  const small = 64 << 20
  return Promise.all(
    members.map(async (member, index) => ({
      selector: member.name.slice(0, -4),
      describe:
        index < 16 && member.size <= small
          ? await describeNpy(await openZipEntry(range, member))
          : `${member.size} bytes`,
    })),
  )
}
