import type { ProvenanceRecord } from '../stream/types.js'
import { camelCase, type ProgramSpec } from './program.js'
import { version } from './version.js'

/** Options that do not shape the result, and those that have a place of their own in the record. */
const APART = new Set(
  'output config log quiet verbose progress pg completion help version seed threads resume'.split(
    ' ',
  ),
)

/** The line that this run adds to the provenance chain. */
export const provenanceRecord = (
  spec: ProgramSpec,
  args: Record<string, unknown>,
  { argv, threads }: { argv: readonly string[]; threads: number },
): ProvenanceRecord => ({
  pn: spec.name,
  vn: version(),
  cl: [spec.name, ...argv].map(shellWord).join(' '),
  seed: args['seed'] as number,
  threads,
  config: effective(spec, args),
})

/** Option values by their long names, defaults included. */
const effective = (spec: ProgramSpec, args: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(spec.options)
      .filter(name => !APART.has(name))
      .map(name => [name, args[camelCase(name)]] as const)
      .filter(([, value]) => value !== undefined && !(Array.isArray(value) && !value.length)),
  )

/** A word as a shell would need it to be written. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
