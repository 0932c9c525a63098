import { badData } from '../error.js'
import type { ModalityField, OtherField, StreamSchema } from '../stream/types.js'

/** Throws badData, naming both streams, where the second cannot be appended to the first. */
export const checkSameSchema = (
  first: { name: string; schema: StreamSchema },
  next: { name: string; schema: StreamSchema },
): void => {
  const differ = (what: string, found: string, expected: string) =>
    badData(`${next.name}: ${what} ${found}, expected ${expected} as in ${first.name}`)
  const [a, b] = [first.schema, next.schema]
  if (a.content !== b.content) throw differ('a stream of', b.content, a.content)
  const names = ({ modalities, others }: StreamSchema) =>
    [...modalities, ...others].map(({ name }) => name)
  const extra = names(b).find(name => !names(a).includes(name))
  if (extra !== undefined) throw badData(`${next.name}: column '${extra}' is not in ${first.name}`)
  const missing = names(a).find(name => !names(b).includes(name))
  if (missing !== undefined)
    throw badData(`${next.name}: no column '${missing}', which ${first.name} has`)
  for (const field of a.modalities) {
    const other = b.modalities.find(({ name }) => name === field.name)
    if (!other) throw badData(`${next.name}: column '${field.name}' is no modality`)
    for (const [word, expected, found] of facts(field, other))
      if (found !== expected) throw differ(`modality '${field.name}' has ${word}`, found, expected)
    if (vocabularyOf(field) !== vocabularyOf(other))
      throw badData(
        `${next.name}: modality '${field.name}' has another vocabulary than in ${first.name}`,
        `extract both with one list of names: ${field.name}=category:...,vocab=FILE`,
      )
  }
  for (const field of a.others) {
    const other = b.others.find(({ name }) => name === field.name)
    if (!other) throw badData(`${next.name}: column '${field.name}' is a modality`)
    if (typeOf(field) !== typeOf(other))
      throw differ(`column '${field.name}' is of type`, typeOf(other), typeOf(field))
    if (other.nullable && !field.nullable)
      throw badData(`${next.name}: column '${field.name}' may hold nulls, not so ${first.name}`)
  }
}

const facts = (a: ModalityField, b: ModalityField): [string, string, string][] => [
  ['kind', a.kind, b.kind],
  ['layout', a.layout, b.layout],
  ['dimension', `${a.dim}`, `${b.dim}`],
  ['numbers of', a.float, b.float],
  ['unit norm', `${a.unit}`, `${b.unit}`],
  ['encoder', a.encoder ?? 'unknown', b.encoder ?? 'unknown'],
  ['parts', (a.of ?? []).join('+') || 'none', (b.of ?? []).join('+') || 'none'],
]

const vocabularyOf = ({ vocabulary }: ModalityField): string => JSON.stringify(vocabulary ?? null)

/** The type as Arrow has it, where it was read from a stream. */
export const typeOf = ({ type, arrow }: OtherField): string => {
  const read = (arrow as { type?: unknown } | undefined)?.type
  return read === undefined ? type : `${type} (${String(read)})`
}
