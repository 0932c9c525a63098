/** Bounded, since regular expressions remember every step: nobody's word is longer. */
const WORD = /[\p{L}\p{M}\p{N}]{1,16384}(?:['’.-][\p{L}\p{M}\p{N}]{1,16384}){0,31}/gu

/**
 * The places of a text's words among those that have a vector: each as it is written, else in lower
 * case, else in parts (`don't` is do and n't, `dog's` dog and 's, as GloVe has them; then what is
 * between hyphens). What has no vector is left out.
 */
export function findWords(text: string, places: ReadonlyMap<string, number>): number[] {
  const found: number[] = []
  const look = (word: string): boolean => {
    const place = places.get(word) ?? places.get(word.toLowerCase())
    if (place !== undefined) found.push(place)
    return place !== undefined
  }
  for (const match of text.normalize('NFKC').match(WORD) ?? []) {
    const word = match.replaceAll('’', "'")
    if (look(word)) continue
    for (const part of partsOf(word)) look(part)
  }
  return found
}

const partsOf = (word: string): string[] => {
  const negated = /^(.+)(n't)$/i.exec(word)
  if (negated) return [negated[1]!, negated[2]!]
  const suffixed = /^(.+)('\p{L}{1,2})$/u.exec(word)
  if (suffixed) return [suffixed[1]!, suffixed[2]!]
  return word.split(/['.-]/)
}
