import { badData } from '../error.js'

/**
 * Passes bytes on as they are, after checking that they are text: valid UTF-8 without NULs. The
 * error names the line, which a decoder that replaces what it cannot read would hide.
 */
export async function* guardText(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let lines = 1
  let empty = true
  const check = (chunk: Uint8Array | undefined): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (error) {
      throw badData(
        `${name}: line ${lines + linesBeforeBad(chunk)}: not UTF-8 text`,
        'convert it first: iconv -f LATIN1 -t UTF-8',
        error,
      )
    }
  }
  for await (const chunk of chunks) {
    if (empty && isUtf16(chunk))
      throw badData(
        `${name}: UTF-16 text, expected UTF-8`,
        'convert it first: iconv -f UTF-16 -t UTF-8',
      )
    if (chunk.length > 0) empty = false
    const nul = chunk.indexOf(0)
    if (nul >= 0) {
      const line = lines + newlines(chunk.subarray(0, nul))
      throw badData(`${name}: line ${line}: NUL byte, expected a text file`)
    }
    check(chunk)
    lines += newlines(chunk)
    yield chunk
  }
  check(undefined)
  if (empty) throw badData(`${name}: is empty (zero bytes)`)
}

/** By the byte order mark that spreadsheets write first. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

const newlines = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}

/** Lines of the chunk that are sound, found again line by line: only once, on the way out. */
const linesBeforeBad = (chunk: Uint8Array | undefined): number => {
  if (!chunk) return 0
  let sound = 0
  for (let start = 0; ; sound++) {
    const end = chunk.indexOf(10, start)
    const line = chunk.subarray(start, end < 0 ? chunk.length : end)
    // The first line may begin inside a character that the chunk before this one started.
    const isSound = start === 0 || Buffer.from(line).toString('utf8').indexOf('\ufffd') < 0
    if (!isSound) return sound
    if (end < 0) return 0
    start = end + 1
  }
}
