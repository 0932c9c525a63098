/** Scripts written without spaces between words: their runs are no words. */
const UNSPACED =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]/u

/** A run of one kind: letters of an unspaced script, letters and digits, or other marks. */
const RUN =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]+|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc])[\p{L}\p{M}\p{N}])+|[^\p{L}\p{M}\p{N}\p{Z}\p{C}]+/gu

/** The runs of a text in Unicode's compatible form (NFKC), lower case. */
const runs = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(RUN) ?? []

/**
 * Character n-grams of `shortest` to `longest` characters within words, whose ends are marked by
 * blanks. Runs of a script without spaces have no ends; theirs begin at one character, which is
 * often a word there.
 */
export function* charGrams(text: string, shortest: number, longest: number): Generator<string> {
  for (const run of runs(text)) {
    const unspaced = UNSPACED.test(run)
    const characters = Array.from(unspaced ? run : ` ${run} `)
    for (let length = unspaced ? 1 : shortest; length <= longest; length++) {
      for (let start = 0; start + length <= characters.length; start++) {
        yield characters.slice(start, start + length).join('')
      }
    }
  }
}

/** Sequences of one to `longest` words; a tab in front keeps them apart from character n-grams. */
export function* wordGrams(text: string, longest: number): Generator<string> {
  const words = runs(text)
  for (let length = 1; length <= longest; length++) {
    for (let start = 0; start + length <= words.length; start++) {
      yield `\t${words.slice(start, start + length).join('\t')}`
    }
  }
}
