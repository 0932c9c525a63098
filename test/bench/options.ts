import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  name: string | undefined
  /** A file named after the bench. */
  file: string | undefined
  json: boolean
  /** Tiny sizes, to see that everything runs; the figures mean nothing and no goal is checked. */
  quick: boolean
  rounds: number
  threads: number
  /** Batch sizes other than the usual. */
  batches: readonly number[]
  /** A number of rows other than the usual. */
  rows: number | undefined
}

export const OPTIONS = `
  --json        one line of JSON a row
  --quick       tiny sizes, to see that everything runs: the figures mean nothing
  --rounds N    turns of every side (3)
  --threads N   threads of every side (2)
  --batch N     a batch size other than the usual; may be repeated
  --rows N      a number of rows other than the usual
`

/** Throws an error with one line for people where something cannot be meant. */
export const parseOptions = (): Options => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      threads: { type: 'string', default: '2' },
      batch: { type: 'string', multiple: true, default: [] },
      rows: { type: 'string' },
    },
  })
  const { json, quick, rounds = quick ? '1' : '3', threads, batch, rows } = values
  const [name, file, extra] = positionals
  if (extra !== undefined) throw new Error(`unexpected ${extra}`)
  return {
    name,
    file,
    json,
    quick,
    rounds: count('rounds', rounds),
    threads: count('threads', threads),
    batches: batch.map(text => count('batch', text)),
    rows: rows === undefined ? undefined : count('rows', rows),
  }
}

const count = (option: string, text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Error(`--${option} ${text}: expected a whole number above 0`)
}
