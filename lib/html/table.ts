import { escapeXml } from './escape.js'

/** A cell: text, or a number with what stands small beside it. */
export interface Cell {
  text: string
  /** Small, behind it. */
  beside?: string
}

export interface TableRow {
  /** The first cells, which name the row. */
  names: readonly string[]
  cells: readonly (Cell | string)[]
  mean?: boolean
}

export interface Table {
  /** Heads of the names, then of the cells. */
  names: readonly string[]
  heads: readonly string[]
  rows: readonly TableRow[]
}

/** A table that scrolls by itself where the screen is narrow. */
export const table = ({ names, heads, rows }: Table): string => {
  const head = [
    ...names.map(name => `<th class="text" scope="col">${escapeXml(name)}</th>`),
    ...heads.map(name => `<th scope="col">${escapeXml(name)}</th>`),
  ]
  const body = rows.map(
    row =>
      `<tr${row.mean ? ' class="mean"' : ''}>${row.names.map(named).join('')}${row.cells.map(cell).join('')}</tr>`,
  )
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>`
}

const named = (name: string, at: number): string =>
  at === 0
    ? `<th class="text" scope="row">${escapeXml(name)}</th>`
    : `<td class="text">${escapeXml(name)}</td>`

const cell = (given: Cell | string): string => {
  const { text, beside } = typeof given === 'string' ? { text: given } : given
  return `<td>${escapeXml(text)}${beside === undefined ? '' : ` <small>${escapeXml(beside)}</small>`}</td>`
}

/** Terms and what they are. */
export const definitions = (entries: readonly (readonly [string, string])[]): string =>
  `<dl>${entries.map(([term, text]) => `<dt>${escapeXml(term)}</dt><dd>${escapeXml(text)}</dd>`).join('\n')}</dl>`
