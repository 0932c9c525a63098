import { badData } from '../../error.js'
import { viewAs } from '../../stream/number-format.js'
import type { SpooledPart } from './spooled-part.js'

const ENDS_AT_ONCE = 1 << 16

/** All texts of a spooled part, some at a time. */
export async function* spooledTexts(part: SpooledPart): AsyncGenerator<string[], void> {
  let start = 0
  for await (const chunk of part.ends!.chunks(8 * ENDS_AT_ONCE)) {
    const ends = viewAs('int64', chunk)
    const last = Number(ends.at(-1)!)
    const bytes = await part.bytes.read(start, last - start)
    let from = 0
    yield Array.from(ends, end => {
      const to = Number(end) - start
      const text = bytes.toString('utf8', from, to)
      from = to
      return text
    })
    start = last
  }
}

/** Characters of the longest text. NumPy ends a text at the zeros behind it, so none may end so. */
export const longestText = async (part: SpooledPart): Promise<number> => {
  let longest = 0
  for await (const texts of spooledTexts(part))
    for (const text of texts) {
      if (text.endsWith('\0'))
        throw badData(
          `column '${part.part.name}' has a text that ends with a NUL, which NumPy cannot hold`,
          'write safetensors, parquet or arrow',
        )
      // A character beyond 16 bits is two units of a JavaScript string.
      if (text.length > longest) longest = Math.max(longest, characters(text))
    }
  return longest
}

/** Texts as NumPy's `<U`: UTF-32, each filled up with zeros to the length of the longest. */
export const utf32 = (texts: readonly string[], longest: number): Uint8Array => {
  const codes = new Uint32Array(texts.length * longest)
  texts.forEach((text, i) => {
    let at = i * longest
    for (const character of text) codes[at++] = character.codePointAt(0)!
  })
  return new Uint8Array(codes.buffer)
}

const characters = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}
