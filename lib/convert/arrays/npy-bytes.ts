import { descrOf, npyHeader } from './npy-header.js'
import type { SpooledPart } from './spooled-part.js'
import { longestText, spooledTexts, utf32 } from './texts.js'

/** A gathered array as a whole .npy file, piece by piece. */
export async function* npyBytes(spooled: SpooledPart): AsyncGenerator<Uint8Array, void> {
  const { part, shape } = spooled
  if (part.type !== 'text') {
    yield npyHeader(descrOf(part.type), shape)
    yield* spooled.bytes.chunks()
    return
  }
  const longest = Math.max(1, await longestText(spooled))
  yield npyHeader(descrOf('text', longest), shape)
  for await (const texts of spooledTexts(spooled)) yield utf32(texts, longest)
}
