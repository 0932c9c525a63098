import { escapeXml } from '../../html/escape.js'
import { table } from '../../html/table.js'
import type { InputSummary } from '../../stream/read.js'
import type { ProvenanceRecord } from '../../stream/types.js'

/** What is known of how a page came about. */
export interface Origin {
  provenance: readonly ProvenanceRecord[]
  /** Systems of which nobody wrote down what made them. */
  unknown?: readonly string[]
  inputs: readonly InputSummary[]
}

/** The commands that made the numbers, oldest first, and what was read, with its digests. */
export const provenanceSection = ({ provenance: chain, unknown = [], inputs }: Origin): string => {
  const commands = chain.map(({ cl, pn }) => (cl === '' ? `${pn} (made with --no-pg)` : cl))
  const rows = chain.map(({ pn, vn, engine, threads, seed }) => ({
    names: [pn],
    cells: [vn, engine ?? '-', String(threads ?? '-'), String(seed ?? '-')],
  }))
  return `<section><h2>Provenance</h2>
<p class="note">The commands that made this, in the order in which they ran.</p>
<pre>${commands.map(escapeXml).join('\n')}</pre>
${table({ names: ['program'], heads: ['version', 'engine', 'threads', 'seed'], rows })}
${lost(unknown)}${read(inputs)}</section>`
}

const lost = (unknown: readonly string[]): string =>
  unknown.length === 0
    ? ''
    : `<p class="note">What made these metrics is not known, since JSON Lines do not hold it: ${unknown.map(escapeXml).join(', ')}.</p>`

const read = (inputs: readonly InputSummary[]): string => {
  if (inputs.length === 0) return ''
  const rows = inputs.flatMap(({ name, rows, digests }) =>
    Object.entries(digests).map(([column, digest], at) => ({
      names: [at === 0 ? name || 'input' : '', column],
      cells: [at === 0 ? String(rows) : '', digest],
    })),
  )
  return `<h3>What was read</h3>
${table({ names: ['stream', 'column'], heads: ['rows', 'CRC-32'], rows })}`
}
