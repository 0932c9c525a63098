import { Exit, type ExitStatus } from '../error.js'
import type { Log } from './log.js'

/** Counts what `--on-error null` takes as missing. */
export interface Forgiving {
  /** For the reader of the stream; undefined where such values are refused. */
  forgive: ((column: string, row: number) => void) | undefined
  /** Says how many there were, and gives the status of a run that has come to its end. */
  tell(): ExitStatus
}

export const forgiving = (onError: 'fail' | 'null', log: Log): Forgiving => {
  const counts = new Map<string, number>()
  const forgive = (column: string, row: number): void => {
    log.event('missing', { column, row })
    counts.set(column, (counts.get(column) ?? 0) + 1)
  }
  return {
    forgive: onError === 'null' ? forgive : undefined,
    tell() {
      for (const [column, rows] of counts)
        log.warn(`column '${column}': rows without finite numbers, taken as missing: ${rows}`)
      return counts.size > 0 ? Exit.incomplete : Exit.done
    },
  }
}
