import { align } from '../align.js'
import { printable } from '../printable.js'
import type { ProvenanceRecord } from '../stream/types.js'
import type { CkaInfo } from './cka.js'
import type { ModalityInfo, OtherInfo, StreamInfo } from './info.js'

/** The description as one object; integers beyond what JSON's readers hold exactly are texts. */
export const infoRecord = (info: StreamInfo): Record<string, unknown> => ({
  stream: info.name,
  content: info.schema.content,
  rows: info.rows,
  sound: info.problem === undefined,
  ...(info.problem ? { problem: info.problem.message } : {}),
  columns: [...info.modalities.map(modalityRecord), ...info.others.map(otherRecord)],
  ...(info.cka ? { cka: info.cka.map(each => ({ ...each, cka: each.cka ?? null })) } : {}),
  metadata: Object.fromEntries(info.schema.metadata),
  provenance: info.schema.provenance,
})

const modalityRecord = ({ field, missing, vectors, norms, digest }: ModalityInfo) => ({
  column: field.name,
  role: 'modality',
  kind: field.kind,
  layout: field.layout,
  ...(field.layout === 'category' ? {} : { dim: field.dim, float: field.float, unit: field.unit }),
  ...(field.encoder === undefined ? {} : { encoder: field.encoder }),
  ...(field.of ? { of: field.of } : {}),
  ...(field.vocabulary ? { classes: field.vocabulary.length } : {}),
  missing,
  vectors,
  ...(norms ? { norm: { min: norms.min, mean: norms.mean, max: norms.max } } : {}),
  ...(digest === undefined ? {} : { digest }),
})

const otherRecord = ({ field, missing, spread, digest }: OtherInfo) => ({
  column: field.name,
  role: 'other',
  type: field.type,
  ...(missing === undefined ? {} : { missing }),
  ...(spread?.min === undefined ? {} : { min: exact(spread.min), max: exact(spread.max!) }),
  ...(spread?.counts ? { values: Object.fromEntries(spread.counts) } : {}),
  ...(digest === undefined ? {} : { digest }),
})

const exact = (value: number | bigint): number | string =>
  typeof value === 'bigint' ? String(value) : value

/** The description for a person. */
export const infoTable = (info: StreamInfo): string => {
  const { name, schema, rows, problem } = info
  const state = problem ? 'NOT SOUND' : 'sound'
  const parts = [`${name}: ${schema.content}, ${rows} rows, ${state}\n`]
  if (problem) parts.push(`${problem.message}\n`)
  if (info.modalities.length > 0) parts.push(modalityTable(info.modalities))
  if (info.others.length > 0) parts.push(otherTable(info.others))
  if (info.cka) parts.push(ckaTable(info.cka))
  const encoders = info.modalities.filter(({ field }) => field.encoder !== undefined)
  if (encoders.length > 0)
    parts.push(encoders.map(({ field }) => `${field.name}: ${field.encoder}\n`).join(''))
  if (schema.provenance.length > 0) parts.push(schema.provenance.map(provenanceLine).join(''))
  return printable(parts.join('\n'))
}

const modalityTable = (modalities: readonly ModalityInfo[]): string => {
  const head = 'modality kind layout dim float missing vectors min mean max digest'.split(' ')
  const rows = modalities.map(({ field, missing, vectors, norms, digest }) => [
    field.name,
    field.kind,
    field.layout === 'category' ? `${field.vocabulary?.length} classes` : field.layout,
    field.layout === 'category' ? '-' : `${field.dim}`,
    field.layout === 'category' ? '-' : field.float,
    `${missing}`,
    `${vectors}`,
    ...(norms
      ? [norms.min, norms.mean, norms.max].map(norm => norm.toPrecision(4))
      : ['-', '-', '-']),
    digest ?? '-',
  ])
  return align([head, ...rows])
}

/** Most alike first: the pair of encoders to choose. */
const ckaTable = (pairs: readonly CkaInfo[]): string =>
  align([
    ['linear CKA', 'rows with both', 'cka'],
    ...[...pairs]
      .sort((a, b) => (b.cka ?? -1) - (a.cka ?? -1))
      .map(({ a, b, rows, cka }) => [`${a}+${b}`, `${rows}`, cka?.toFixed(4) ?? '-']),
  ])

const otherTable = (others: readonly OtherInfo[]): string => {
  const rows = others.map(({ field, missing, digest }) => [
    field.name,
    field.type,
    `${missing ?? '-'}`,
    digest ?? '-',
  ])
  const lines = align([['column', 'type', 'missing', 'digest'], ...rows]).split('\n')
  const texts = ['values', ...others.map(spreadText)]
  return texts.map((text, at) => `${lines[at]}  ${text}\n`).join('')
}

const spreadText = ({ spread }: OtherInfo): string => {
  if (!spread) return '-'
  if (spread.counts)
    return [...spread.counts].map(([value, count]) => `${clip(value)} ${count}`).join(', ') || '-'
  return spread.min === undefined ? 'many' : `${spread.min} to ${spread.max}`
}

/** Values of any length and with any signs, for a line. */
const clip = (text: string): string => {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ')
  return plain.length > 24 ? `${plain.slice(0, 23)}…` : plain
}

const provenanceLine = ({ pn, vn, cl }: ProvenanceRecord): string =>
  `${clean(pn)} ${clean(vn)}${cl === '' ? '' : `: ${clean(cl)}`}\n`

const clean = (text: string): string => text.replace(/\p{Cc}+/gu, ' ')
