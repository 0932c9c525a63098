import { badData } from '../error.js'
import type { StreamSchema } from '../stream/types.js'

/** What is wanted of a stream, by name; with neither, all of it. */
export interface Choice {
  modalities: readonly string[]
  columns: readonly string[]
}

export const choosesAll = ({ modalities, columns }: Choice): boolean =>
  modalities.length === 0 && columns.length === 0

/**
 * Of the columns or arrays of a file that is no stream, those to be read at all: what nobody chose
 * may be of a kind that cannot be read. Throws badData where a name is not there.
 */
export const chosenNames = (
  names: readonly string[],
  source: string,
  choice: Choice,
): readonly string[] => {
  if (choosesAll(choice)) return names
  const chosen = [...choice.modalities, ...choice.columns]
  const missing = chosen.find(name => !names.includes(name))
  if (missing !== undefined)
    throw badData(`${source}: no column '${missing}'`, `there are: ${names.join(', ') || 'none'}`)
  return names.filter(name => name === 'id' || chosen.includes(name))
}

/** The schema with only what is wanted, and the id. Throws badData where a name is not there. */
export const choose = (schema: StreamSchema, source: string, choice: Choice): StreamSchema => {
  if (choosesAll(choice)) return schema
  const there = (names: readonly string[], known: readonly { name: string }[], what: string) => {
    const missing = names.find(wanted => !known.some(({ name }) => name === wanted))
    if (missing !== undefined)
      throw badData(
        `${source}: no ${what} '${missing}'`,
        `there are: ${known.map(({ name }) => name).join(', ') || 'none'}`,
      )
  }
  there(choice.modalities, schema.modalities, 'modality')
  there(choice.columns, schema.others, 'column')
  return {
    ...schema,
    modalities: schema.modalities.filter(({ name }) => choice.modalities.includes(name)),
    others: schema.others.filter(({ name }) => name === 'id' || choice.columns.includes(name)),
  }
}
