import { openSync, writeSync } from 'node:fs'
import { errorCode, Exit, PcmError } from '../error.js'
import { printable } from '../printable.js'

export interface LogOptions {
  program: string
  quiet: boolean
  /** How often -v was given. */
  verbose: number
  /** `--log`. */
  path: string | undefined
  /** Whether events carry the time. */
  timed: boolean
}

/**
 * What a program tells: lines for people on standard error, events for machines in `--log`. Every
 * line is an event too, so the log file holds whatever was said, also under `-q`.
 */
export interface Log {
  /** Said once, about the whole run. */
  note(text: string): void
  /** Said with -v only. */
  detail(text: string): void
  /** Something the user should know though the run goes on. */
  warn(text: string): void
  /** Why the status is not 0 though the run went well: said under `-q`, too. */
  reason(text: string): void
  /** A line only for machines. Numbers that JSON lacks (NaN, Infinity) become null. */
  event(name: string, fields: Record<string, unknown>): void
  /** Called before a line is printed: a progress bar makes room. */
  beforeLine(clear: () => void): void
}

export const openLog = ({ program, quiet, verbose, path, timed }: LogOptions): Log => {
  const append = path === undefined ? undefined : appender(path)
  let clear = () => {}
  const event: Log['event'] = (name, fields) => {
    const time = timed ? { time: new Date().toISOString() } : {}
    append?.(`${JSON.stringify({ program, event: name, ...time, ...fields })}\n`)
  }
  const say = (name: string, text: string, shown: boolean) => {
    event(name, { text })
    if (!shown) return
    clear()
    process.stderr.write(`${program}: ${name === 'warning' ? 'warning: ' : ''}${printable(text)}\n`)
  }
  return {
    note: text => say('note', text, !quiet),
    detail: text => say('detail', text, verbose > 0 && !quiet),
    warn: text => say('warning', text, !quiet),
    reason: text => say('reason', text, true),
    event,
    beforeLine(callback) {
      clear = callback
    },
  }
}

/** Lines are written at once and in order, so none is lost however the process ends. */
const appender = (path: string): ((line: string) => void) => {
  if (path === '-') return line => void process.stderr.write(printable(line))
  const fd = attempt(path, () => openSync(path, 'w'))
  return line => void attempt(path, () => writeSync(fd, line))
}

const attempt = <Result>(path: string, act: () => Result): Result => {
  try {
    return act()
  } catch (error) {
    throw new PcmError(`${path}: cannot write the log (${errorCode(error)})`, {
      exit: Exit.io,
      cause: error,
    })
  }
}
