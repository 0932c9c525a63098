import { escapeXml } from '../../html/escape.js'
import type { Embeddings } from '../embeddings.js'
import type { Entries } from '../entries.js'
import type { SideSpec } from '../direction.js'
import type { Media } from './media.js'
import type { Show } from './show.js'

/** What cards are made from. */
export interface Deck {
  table: Embeddings
  shows: readonly Show[]
  media: Media
}

/** One entry as HTML: its id, and every modality of its side that there is a way to show. */
export const card = async (
  deck: Deck,
  side: SideSpec,
  entries: Entries,
  entry: number,
): Promise<string> => {
  const row = entries.rows[entry]!
  const shown = await Promise.all(
    side.modalities.flatMap(modality => {
      const show = deck.shows.find(each => each.modality === modality)
      return show ? [pieces(deck, show, row, viewOf(deck, side, entries, entry))] : []
    }),
  )
  const id = String(deck.table.others['id']!.values[row])
  return `${shown.flat().join('')}<p class="id">${escapeXml(id)}</p>`
}

/** Which view of its item an entry is; undefined where a side has no views, or mixes them. */
const viewOf = ({ table }: Deck, { parts }: SideSpec, entries: Entries, entry: number) => {
  const column = table.modalities[parts[0]!.column]!
  if (parts.length > 1 || column.layout !== 'views') return undefined
  return entries.places[entry]! - column.offsets[entries.rows[entry]!]!
}

/** What shows the view, or all there is where an entry is made of all views; gaps are no views. */
const pieces = async (deck: Deck, show: Show, row: number, view: number | undefined) => {
  const cells = show.columns.flatMap(column => {
    const value = deck.table.others[column]!.values[row]
    return value === null || value === '' ? [] : [{ column, text: String(value) }]
  })
  const wanted = view === undefined || cells.length < 2 ? cells : cells.slice(view, view + 1)
  return Promise.all(wanted.map(each => piece(deck, show, row, each)))
}

const piece = async (
  { table, media }: Deck,
  { kind }: Show,
  row: number,
  { column, text }: { column: string; text: string },
): Promise<string> => {
  const where = `${table.source}: column '${column}': row ${row}`
  if (kind === 'image')
    return `<img alt="${escapeXml(text)}" src="${await media.picture(text, where)}">`
  if (kind === 'audio')
    return `<audio controls preload="none" aria-label="${escapeXml(text)}" src="${await media.sound(text, where)}"></audio>`
  return `<p>${escapeXml(text)}</p>`
}
