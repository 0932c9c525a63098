import { badUsage } from '../error.js'
import type { ModalityField } from '../stream/types.js'
import { parseQuery } from './direction.js'

/**
 * A direction with `*` for a side: every combination of the modalities that are not on the other.
 * Categories stay out: what is relevant to a class is another question.
 */
export interface Sweep {
  /** As it was written: `*>photo`. */
  name: string
  /** The directions it stands for, the single modalities first. */
  directions: string[]
}

/** 1023 combinations. */
const MOST = 10

/** What `*>SIDE` or `SIDE>*` stands for; undefined where the text is one direction. */
export const parseSweep = (text: string, fields: readonly ModalityField[]): Sweep | undefined => {
  const [query = '', gallery = '', ...more] = text.split('>')
  const isOne = query !== '' && gallery !== '' && more.length === 0
  if (!isOne || (query === '*') === (gallery === '*')) return undefined
  const other = query === '*' ? gallery : query
  const taken = new Set(parseQuery(other, `--direction ${text}`, fields).modalities)
  const free = fields
    .filter(({ name, of, kind }) => !of && kind !== 'category' && !taken.has(name))
    .map(({ name }) => name)
  if (free.length > MOST)
    throw badUsage(`--direction ${text}: ${free.length} modalities have too many combinations`)
  const combinations = free.reduce<string[][]>(
    (all, name) => [...all, ...all.map(some => [...some, name])],
    [[]],
  )
  const sides = combinations
    .filter(some => some.length > 0)
    .toSorted((a, b) => a.length - b.length)
    .map(some => some.join('+'))
  return {
    name: text,
    directions: sides.map(side => (query === '*' ? `${side}>${other}` : `${other}>${side}`)),
  }
}
