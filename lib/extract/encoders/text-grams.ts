/** Scripts written without spaces between words: their runs are no words. */
const UNSPACED =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]/u

/**
 * A run of one kind: letters of an unspaced script, letters and digits, or other marks. What is
 * longer than 65,536 characters is taken as several: regular expressions remember every step.
 */
const RUN =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]{1,65536}|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc])[\p{L}\p{M}\p{N}]){1,65536}|[^\p{L}\p{M}\p{N}\p{Z}\p{C}]{1,65536}/gu

/** The runs of a text in Unicode's compatible form (NFKC), lower case. */
export const runsOf = (text: string): string[] =>
  text.normalize('NFKC').toLowerCase().match(RUN) ?? []

/** Takes a gram: these bytes (UTF-8) from `start` to `end`, which are overwritten later. */
export type TakeGram = (bytes: Uint8Array, start: number, end: number) => void

/**
 * Character n-grams of `shortest` to `longest` characters within words, whose ends are marked by
 * blanks. Runs of a script without spaces have no ends; theirs begin at one character, which is
 * often a word there.
 */
export function charGrams(
  runs: readonly string[],
  shortest: number,
  longest: number,
  take: TakeGram,
): void {
  for (const run of runs) {
    const unspaced = UNSPACED.test(run)
    const bytes = Buffer.from(unspaced ? run : ` ${run} `)
    const starts = startsOf(bytes)
    const last = starts.length - 1
    for (let length = unspaced ? 1 : shortest; length <= longest; length++) {
      for (let at = 0; at + length <= last; at++) take(bytes, starts[at]!, starts[at + length]!)
    }
  }
}

/** Sequences of one to `longest` words; a tab in front keeps them apart from character n-grams. */
export function wordGrams(runs: readonly string[], longest: number, take: TakeGram): void {
  const bytes = Buffer.from(runs.map(run => `\t${run}`).join(''))
  const starts = new Int32Array(runs.length + 1)
  runs.forEach((run, at) => (starts[at + 1] = starts[at]! + 1 + Buffer.byteLength(run)))
  for (let length = 1; length <= longest; length++) {
    for (let at = 0; at + length <= runs.length; at++)
      take(bytes, starts[at]!, starts[at + length]!)
  }
}

/** Where the characters of a text in UTF-8 start, and where the last one ends. */
function startsOf(bytes: Uint8Array): number[] {
  const starts: number[] = []
  for (let at = 0; at < bytes.length; at++) if ((bytes[at]! & 0xc0) !== 0x80) starts.push(at)
  starts.push(bytes.length)
  return starts
}
