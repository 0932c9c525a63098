import { badData, badUsage, type PcmError } from '../../error.js'
import type { InputSummary } from '../../stream/closing.js'
import type { ProvenanceRecord } from '../../stream/types.js'

/** What makes a run what it is: program, seed and options, and what it reads. */
export interface Run {
  /** As --no-pg has it: without what may differ between two runs that do the same. */
  record: ProvenanceRecord
  /** The features, then the models of --init and --teacher. */
  inputs: readonly InputSummary[]
}

/** Refuses to go on with a checkpoint of another run, and says in what it is another. */
export const checkSameRun = (source: string, then: Run, now: Run): void => {
  const wrong = differingOptions(then.record, now.record)
  if (wrong.length > 0) throw otherOptions(source, wrong)
  const models = ['init', 'teacher'].filter(option => now.record.config?.[option] !== undefined)
  const read = ['the features', ...models.map(option => `the model of --${option}`)]
  const changed = read.flatMap((what, i) => {
    const difference = differenceOf(then.inputs[i], now.inputs[i])
    return difference === undefined ? [] : [`${what} (${difference})`]
  })
  if (changed.length > 0)
    throw badData(
      `${source}: made from other data than now; what has changed: ${changed.join(', ')}`,
      'a checkpoint goes on with the bytes it began with; for a new run name another folder',
    )
}

const otherOptions = (source: string, wrong: readonly string[]): PcmError =>
  badUsage(
    `${source}: made by another run: ${wrong.join(', ')}`,
    'give the options it began with, or name another folder for a new run',
  )

const differingOptions = (then: ProvenanceRecord, now: ProvenanceRecord): string[] => {
  const wrong: string[] = []
  const compare = (name: string, a: unknown, b: unknown): void => {
    if (JSON.stringify(a) !== JSON.stringify(b)) wrong.push(`${name} was ${told(a)}, is ${told(b)}`)
  }
  compare('the version of pcm', then.vn, now.vn)
  compare('--seed', then.seed, now.seed)
  const [a, b] = [then.config ?? {}, now.config ?? {}]
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
    compare(`--${name}`, a[name], b[name])
  return wrong
}

const told = (value: unknown): string =>
  value === undefined ? 'not given' : [value].flat().map(String).join(',')

const differenceOf = (a: InputSummary | undefined, b: InputSummary | undefined) => {
  if (!a || !b) return a === b ? undefined : a ? 'there is none now' : 'there was none'
  if (a.rows !== b.rows) return `${a.rows} rows were, ${b.rows} are`
  const columns = new Set([...Object.keys(a.digests), ...Object.keys(b.digests)])
  const differing = [...columns].filter(name => a.digests[name] !== b.digests[name])
  return differing.length > 0 ? `columns ${differing.join(', ')}` : undefined
}
