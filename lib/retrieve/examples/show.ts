import { badUsage } from '../../error.js'

export const SHOW_KINDS = ['image', 'audio', 'text'] as const
export type ShowKind = (typeof SHOW_KINDS)[number]

/** How people see a modality: by a column with texts, or with paths of pictures or sounds. */
export interface Show {
  modality: string
  kind: ShowKind
  /** One column, or one for every view. */
  columns: string[]
}

const FORM = 'expected MODALITY=KIND:COLUMN[+COLUMN]..., KIND being image, audio or text'

/** Reads `photo=image:file`; the first `=` and the first `:` part it. */
export const parseShow = (text: string): Show => {
  const [, modality, kind, columns] = /^([^=]+)=([^:]+):(.+)$/s.exec(text) ?? []
  if (modality === undefined || !isKind(kind)) throw badUsage(`--show ${text}: ${FORM}`)
  const names = columns!.split('+')
  if (names.includes('')) throw badUsage(`--show ${text}: ${FORM}`)
  return { modality, kind, columns: names }
}

const isKind = (kind: string | undefined): kind is ShowKind =>
  (SHOW_KINDS as readonly string[]).includes(kind ?? '')

/** Refuses (64) a modality that is shown twice. */
export const parseShows = (texts: readonly string[]): Show[] => {
  const shows = texts.map(parseShow)
  const twice = shows.find(({ modality }, at) =>
    shows.slice(0, at).some(other => other.modality === modality),
  )
  if (twice) throw badUsage(`--show ${twice.modality}: is given twice`)
  return shows
}
