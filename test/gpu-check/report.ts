import type { Difference } from './difference.js'
import type { Outcome } from './run-work.js'

export interface Checked {
  loss: string
  batch: number
  expected: Outcome
  found: Outcome
  off: Difference
  agree: boolean
}

const line = (...cells: string[]): string =>
  cells.map((cell, i) => cell.padStart([5, 6, 6, 11, 12, 10, 13, 13, 10, 10, 9][i]!)).join('')

/** Times are medians without the first step; differences are shares of the largest value. */
export const HEADINGS = [
  line('', '', '', 'reference', 'checked', '', 'ref. embeds', 'embeds', 'loss', 'embed.', ''),
  line(
    'loss',
    'batch',
    'steps',
    'ms/step',
    'ms/step',
    'speed-up',
    'rows/s',
    'rows/s',
    'off by',
    'off by',
    '',
  ),
].join('\n')

export function row({ loss, batch, expected, found, off, agree }: Checked): string {
  const [slow, fast] = [median(expected.times.slice(1)), median(found.times.slice(1))]
  const speed = (outcome: Outcome): string =>
    ((1000 * rowsOf(outcome)) / outcome.embedding).toFixed(0)
  return line(
    loss,
    String(batch),
    String(found.losses.length),
    slow.toFixed(1),
    fast.toFixed(1),
    (slow / fast).toFixed(2),
    speed(expected),
    speed(found),
    off.loss.toExponential(1),
    off.embeddings.toExponential(1),
    agree ? 'agree' : 'DIFFER',
  )
}

/** Vectors embedded, all modalities together. */
const rowsOf = ({ embeddings, dim }: Outcome): number =>
  Object.values(embeddings).reduce((sum, values) => sum + values.length / dim, 0)

const median = (times: readonly number[]): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
