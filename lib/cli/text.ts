import type { Text } from './program.js'

export type Block = { kind: 'paragraph'; text: string } | { kind: 'verbatim'; lines: string[] }

/** Prose taken apart: paragraphs as one long line each, indented lines as they stand. */
export const blocks = (text: Text): Block[] => {
  const found: Block[] = []
  for (const part of text.split(/\n[ \t]*\n/)) {
    for (const line of part.split('\n')) {
      const verbatim = line.startsWith('  ')
      const open = found.at(-1)
      if (verbatim && open?.kind === 'verbatim') open.lines.push(line.slice(2))
      else if (verbatim) found.push({ kind: 'verbatim', lines: [line.slice(2)] })
      else if (line.trim() === '') continue
      else if (open?.kind === 'paragraph' && line !== part.split('\n')[0])
        open.text += ` ${line.trim()}`
      else found.push({ kind: 'paragraph', text: line.trim() })
    }
  }
  return found
}

/** Lines of at most `width` characters, each behind a margin. */
export const wrap = (text: string, width: number, margin = 0): string[] => {
  const rows = ['']
  for (const word of text.split(' ')) {
    const row = rows.at(-1)!
    if (row && margin + row.length + 1 + word.length > width) rows.push(word)
    else rows[rows.length - 1] = row ? `${row} ${word}` : word
  }
  return rows.map(row => ' '.repeat(margin) + row)
}
