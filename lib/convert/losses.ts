import type { StreamSchema } from '../stream/types.js'
import type { Format } from './format.js'

/**
 * What a stream says and a format has no place for, in words; empty where the stream comes back as
 * it was. Values are never among it: a format that cannot hold them refuses.
 */
export const lossesOf = (format: Format, schema: StreamSchema): string[] => {
  if (format !== 'npy' && !isTable(format)) return []
  const { modalities, others, provenance, metadata } = schema
  const categories = modalities.filter(
    ({ vocabulary, layout }) => vocabulary && layout === 'category',
  )
  const lists = modalities.filter(({ layout }) => layout === 'tokens')
  const fields = modalities.filter(({ encoder, unit, of }) => encoder !== undefined || unit || of)
  const keys = [...metadata.keys()]
  return [
    ...(format === 'npy' && modalities.length > 0 && others.some(isId) ? ['the ids'] : []),
    ...(format === 'npy'
      ? categories.map(({ name }) => `the names of the codes of '${name}'`)
      : categories.map(({ name }) => `the order of the classes of '${name}'`)),
    ...lists.map(({ name }) => `that the lists of '${name}' are tokens`),
    ...halves(format, schema),
    ...fields.map(({ name }) => `how '${name}' was made`),
    ...(keys.length > 0 ? [`metadata (${keys.join(', ')})`] : []),
    ...(provenance.length > 0 ? ['provenance'] : []),
  ]
}

/** Text has no widths: its numbers come back as float32. */
const halves = (format: Format, { modalities }: StreamSchema): string[] =>
  format === 'npy'
    ? []
    : modalities
        .filter(({ float, dim }) => float === 'float16' && dim > 0)
        .map(({ name }) => `that '${name}' is float16`)

const isTable = (format: Format): boolean => ['csv', 'tsv', 'jsonl'].includes(format)

const isId = ({ name }: { name: string }): boolean => name === 'id'
