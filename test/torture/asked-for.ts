import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  /** Seconds rather than minutes: fewer of the same. */
  quick: boolean
  seed: number
}

/** Throws an error with one line for people where something cannot be meant. */
export const parseOptions = (): Options & { names: string[]; json: boolean } => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
    },
  })
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error(`--seed ${values.seed}: expected an integer`)
  return { ...values, seed: Number(values.seed), names: positionals }
}
