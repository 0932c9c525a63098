/** Cells as lines of aligned columns: the first to the left, the others to the right. */
export const align = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))))
  return rows
    .map(
      row =>
        `${row
          .map((cell, i) => pad(cell, widths[i]!, i === 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

const pad = (cell: string, to: number, left: boolean): string => {
  const space = ' '.repeat(to - width(cell))
  return left ? cell + space : space + cell
}

/** Columns that a terminal needs: two for the wide letters of East Asian scripts. */
const width = (cell: string): number => {
  let columns = 0
  for (const letter of cell.normalize('NFC'))
    columns += /\p{M}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1
  return columns
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u

/** Numbers for people: `null` is a dash. */
export const decimals = (value: unknown, digits: number): string =>
  typeof value === 'number' ? value.toFixed(digits) : '-'

/** Whole numbers as such, others with one digit. */
export const short = (value: unknown): string =>
  decimals(value, typeof value === 'number' && Number.isInteger(value) ? 0 : 1)
