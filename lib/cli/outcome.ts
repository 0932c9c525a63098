import { inspect } from 'node:util'
import { errorCode, Exit, PcmError, type ExitStatus } from '../error.js'
import { printable } from '../printable.js'

/** How a program that threw ends: its status, and what it says on standard error. */
export interface Outcome {
  status: ExitStatus
  lines: string[]
}

/** What went wrong with a file that the program was asked to read. */
const INPUT: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file (a part of the path is not a directory)',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory, expected a file',
}

const DEVICE: Record<string, string> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large',
  EIO: 'input/output error',
  EROFS: 'read-only file system',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
}

/** The one place where what was thrown becomes an exit status. */
export const outcomeOf = (error: unknown): Outcome => {
  const outcome = classify(error)
  if (process.env['PCM_DEBUG'] === '1') outcome.lines.push(inspect(error))
  return outcome
}

const classify = (error: unknown): Outcome => {
  if (isDownstreamClosed(error)) return { status: Exit.done, lines: [] }
  if (error instanceof PcmError) {
    const hint = error.hint === undefined ? [] : [`  ${oneLine(error.hint)}`]
    return { status: error.exit, lines: [oneLine(error.message), ...hint] }
  }
  const code = errorCode(error)
  if (code !== undefined && code in INPUT)
    return { status: Exit.noInput, lines: [`${pathOf(error)}${INPUT[code]}`] }
  if (code !== undefined && code in DEVICE)
    return { status: Exit.io, lines: [`${pathOf(error)}${DEVICE[code]}`] }
  if (isOutOfMemory(error))
    return {
      status: Exit.io,
      lines: [
        `out of memory: ${oneLine((error as Error).message)}`,
        '  give it more, or less at a time; pcm-train --memory SIZE leaves features in a file',
      ],
    }
  return bug(error)
}

/** In the words of V8, of the C++ library and of onnxruntime; they have no codes. */
const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Array buffer allocation failed|Invalid (typed array|array buffer) length(: \d{10,})?$)|bad_alloc|Failed to allocate memory/i.test(
    error.message,
  )

/** The reader downstream has gone; the class is known by its name, since lib/stream loads later. */
const isDownstreamClosed = (error: unknown): boolean =>
  errorCode(error) === 'EPIPE' || (error instanceof Error && error.name === 'DownstreamClosed')

const pathOf = (error: unknown): string =>
  error instanceof Error && 'path' in error && typeof error.path === 'string'
    ? `${oneLine(error.path)}: `
    : ''

const bug = (error: unknown): Outcome => ({
  status: Exit.bug,
  lines: [
    `this is a bug: ${oneLine(String(error))}`,
    '  please report it, with what the command prints when PCM_DEBUG=1 is set',
  ],
})

/** Names of a thousand columns help nobody, and a name may be a whole file that lacks its quotes. */
const LONGEST = 4000

const oneLine = (text: string): string => {
  const line = printable(text.replace(/\s*\n\s*/g, ' '))
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line
}
