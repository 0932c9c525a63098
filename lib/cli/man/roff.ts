/** The words of man(7), and text made safe for them. */

import type { Text } from '../program.js'
import { blocks, wrap } from '../text.js'

const SPECIAL: Record<string, string> = {
  '\\': '\\(rs',
  '-': '\\-',
  '~': '\\(ti',
  '^': '\\(ha',
  '`': '\\(ga',
  "'": '\\(aq',
  '"': '\\(dq',
}

/** Every character of the text as it stands, ASCII quotes and dashes and all. */
export const plain = (text: string): string =>
  text.replace(/[\\\-~^`'"]|[^\x00-\x7f]/gu, found => SPECIAL[found] ?? unicode(found))

const unicode = (character: string): string =>
  `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`

/** Options (`--loss`), pages (`pcm-eval(1)`) and programs in bold, all else plain. */
const MARKED = /(?<![\w-])(--?[a-z][a-z-]*\b|pcm(?:-[a-z]+)?(?=\(\d\))|pcm-[a-z]+)/g

/** Each sentence begins a line, as roff wants it, and no line is longer than a terminal is wide. */
export const prose = (text: string): string =>
  text
    .split(MARKED)
    .map((part, i) => (i % 2 ? bold(part) : plain(part)))
    .join('')
    .split(/(?<=[.:?]) (?=[A-Z\\])/)
    .flatMap(sentence => wrap(sentence, 80))
    .map(guarded)
    .join('\n')

export const bold = (text: string): string => `\\fB${plain(text)}\\fR`

/** A line that begins with a dot or a quote would be a request. */
export const guarded = (line: string): string => line.replace(/^(?=[.'])/, '\\&')

export const section = (title: string): string => `.SH ${plain(title.toUpperCase())}`

/** Paragraphs and verbatim blocks; the first paragraph takes no `.PP` of its own. */
export const paragraphs = (text: Text, { first = false } = {}): string[] =>
  blocks(text).flatMap((block, i) => {
    if (block.kind === 'verbatim') return ['.PP', ...verbatim(block.lines)]
    return [...(i === 0 && first ? [] : ['.PP']), prose(block.text)]
  })

/** Lines as they stand, indented, in a fixed pitch where there is one. */
export const verbatim = (lines: readonly string[]): string[] => [
  '.RS 4',
  '.EX',
  ...lines.map(line => guarded(plain(line))),
  '.EE',
  '.RE',
]

/** A term and what there is to say about it. */
export const entry = (term: string, ...body: string[]): string[] => ['.TP', guarded(term), ...body]
