import { badData, badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'

/** One embedding column of a combination and its weight. */
export interface Part {
  column: string
  weight: number
}

/** Queries or gallery: one embedding column, or several combined row by row. */
export interface SideSpec {
  parts: Part[]
  /** The modalities it is made of: a column's name, or what an enriched column is made of. */
  modalities: string[]
  /** The parts are multiplied, not added; of queries only. */
  product?: true
}

/** An ordered pair of sides, `photo+caption:0.5>voice` or `photo*caption>voice`. */
export interface Direction {
  name: string
  query: SideSpec
  gallery: SideSpec
  /** `plain`: two single modalities; `intra`: a side against itself, without the item itself. */
  kind: 'plain' | 'enriched' | 'intra'
}

/** All ordered pairs of embedding columns that share no modality (METHODS 4.11). */
export const allDirections = (fields: readonly ModalityField[], source: string): Direction[] => {
  const sides = fields.map(field => single(field))
  const directions = sides.flatMap(query =>
    sides
      .filter(gallery => !sharedModality(query, gallery))
      .map(gallery => directionOf(query, gallery)),
  )
  if (directions.length > 0) return directions
  const names = fields.map(({ name }) => name).join(', ') || 'none'
  throw badData(
    `${source}: found embeddings of ${names}, expected two modalities to retrieve between`,
    'to retrieve within one, name it: --direction NAME>NAME',
  )
}

/**
 * Reads `A>B`; a side is `NAME[:WEIGHT][+NAME[:WEIGHT]]...`, a query also `NAME*NAME...`. Leakage is
 * refused (64).
 */
export const parseDirection = (text: string, fields: readonly ModalityField[]): Direction => {
  const sides = text.split('>')
  if (sides.length !== 2 || sides.includes(''))
    throw badUsage(
      `--direction ${text}: expected QUERY>GALLERY`,
      'quote it: > means something to a shell',
    )
  const where = `--direction ${text}`
  const query = parseQuery(sides[0]!, where, fields)
  const gallery = parseQuery(sides[1]!, where, fields)
  if (gallery.product)
    throw badUsage(
      `${where}: the gallery '${sides[1]}' is a product, expected one modality or a sum`,
      'multiply the queries: as an entry a product has no length to compare by',
    )
  const direction = directionOf(query, gallery)
  const shared = sharedModality(query, gallery)
  if (shared !== undefined && direction.kind !== 'intra')
    throw badUsage(
      `--direction ${text}: '${shared}' is on both sides, so the answer is in the question`,
      'leave it out of one side',
    )
  return direction
}

/**
 * Reads `NAME[:WEIGHT][+NAME[:WEIGHT]]...`; `where` names the option in messages. Column names are
 * taken whole first: they may hold any character.
 */
export const parseSide = (
  side: string,
  where: string,
  fields: readonly ModalityField[],
): SideSpec => {
  const whole = fields.find(({ name }) => name === side)
  if (whole) return single(whole)
  return combined(
    side.split('+').map(part => parsePart(part, where, fields)),
    where,
    fields,
  )
}

const combined = (parts: Part[], where: string, fields: readonly ModalityField[]): SideSpec => {
  const columns = parts.map(({ column }) => column)
  const twice = columns.find((column, i) => columns.indexOf(column) !== i)
  if (twice !== undefined) throw badUsage(`${where}: '${twice}' is named twice in a side`)
  return {
    parts,
    modalities: [...new Set(columns.flatMap(name => single(find(name, where, fields)).modalities))],
  }
}

/** Reads a side, or `NAME*NAME...`, whose parts are multiplied; only a query may be that. */
export const parseQuery = (
  side: string,
  where: string,
  fields: readonly ModalityField[],
): SideSpec => {
  const factors = side.split('*')
  if (factors.length === 1 || fields.some(({ name }) => name === side))
    return parseSide(side, where, fields)
  const parts = factors.map(name => ({ column: find(name, where, fields).name, weight: 1 }))
  return { ...combined(parts, where, fields), product: true }
}

const parsePart = (part: string, where: string, fields: readonly ModalityField[]): Part => {
  const colon = part.lastIndexOf(':')
  if (colon < 0 || fields.some(({ name }) => name === part))
    return { column: find(part, where, fields).name, weight: 1 }
  const weight = Number(part.slice(colon + 1))
  if (!(weight > 0 && weight < Infinity))
    throw badUsage(`${where}: found weight '${part.slice(colon + 1)}', expected a number above 0`)
  return { column: find(part.slice(0, colon), where, fields).name, weight }
}

const find = (name: string, where: string, fields: readonly ModalityField[]): ModalityField => {
  const field = fields.find(field => field.name === name)
  if (field) return field
  if (name === '') throw badUsage(`${where}: a name is missing, expected one beside each + and *`)
  const known = fields.map(({ name }) => name).join(', ')
  throw badData(
    `${where}: the stream has no embeddings '${name}', only ${known || 'other columns'}`,
  )
}

const single = ({ name, of }: ModalityField): SideSpec => ({
  parts: [{ column: name, weight: 1 }],
  modalities: of ?? [name],
})

export const directionOf = (query: SideSpec, gallery: SideSpec): Direction => {
  const intra = sideName(query) === sideName(gallery)
  const plain = query.modalities.length === 1 && gallery.modalities.length === 1
  return {
    name: `${sideName(query)}>${sideName(gallery)}`,
    query,
    gallery,
    kind: intra ? 'intra' : plain ? 'plain' : 'enriched',
  }
}

export const sideName = ({ parts, product }: SideSpec): string =>
  parts
    .map(({ column, weight }) => (weight === 1 ? column : `${column}:${weight}`))
    .join(product ? '*' : '+')

const sharedModality = (one: SideSpec, other: SideSpec): string | undefined =>
  one.modalities.find(name => other.modalities.includes(name))
