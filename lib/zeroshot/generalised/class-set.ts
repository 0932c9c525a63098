import { readFile } from 'node:fs/promises'
import { badData, badUsage } from '../../error.js'
import { inputError } from '../../formats/byte-range.js'
import type { Batch } from '../../stream/batch.js'
import { named } from '../../stream/named.js'
import { checkWhere, filterRows, parseWhere } from '../../stream/where.js'
import type { StreamSchema } from '../../stream/types.js'

/**
 * Some of the classes: `NAME[,NAME]...`, `@FILE` with a name a line, or `COLUMN=VALUE[,VALUE]...` by
 * a column of the stream that the prototypes come from.
 */
export interface ClassSet {
  /** Looks at rows that prototypes are made of; `names` gives the class of each. */
  look(batch: Batch, names: readonly (string | null)[]): void
  /** Throws (64) where it names what is no class. */
  among(names: readonly string[]): Set<string>
}

/** Reads such a value of `option`; `schema` is that of the stream with the prototypes. */
export const openClassSet = async (
  option: string,
  text: string,
  schema: StreamSchema,
): Promise<ClassSet> => {
  if (text.startsWith('@')) return namedClasses(option, await readNames(text.slice(1)))
  if (!text.includes('=')) return namedClasses(option, text.split(','))
  const where = [parseWhere(text)]
  named(option, () => checkWhere(where, schema))
  const found = new Set<string>()
  return {
    look(batch, names) {
      const rows = filterRows(batch, where) ?? names.keys()
      for (const row of rows) if (names[row] !== null) found.add(names[row]!)
    },
    among: () => found,
  }
}

const namedClasses = (option: string, wanted: readonly string[]): ClassSet => ({
  look: () => {},
  among(names) {
    const known = new Set(names)
    const stranger = wanted.find(name => !known.has(name))
    if (stranger === undefined) return new Set(wanted)
    throw badUsage(
      `${option}: '${stranger}' is no class`,
      `classes are: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`,
    )
  },
})

const readNames = async (path: string): Promise<string[]> => {
  const text = await readFile(path, 'utf8').catch(error => {
    throw inputError(path, error)
  })
  const names = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter(line => line !== '')
  if (names.length === 0) throw badData(`${path}: is empty, expected one name a line`)
  return names
}
