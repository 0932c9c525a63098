import { errorCode, Exit, PcmError } from '../error.js'

/** The reader downstream has gone: stop at once, say nothing, exit 0. */
export class DownstreamClosed extends Error {
  constructor() {
    super('the reader downstream has closed the pipe')
    this.name = 'DownstreamClosed'
  }
}

const REASONS: Record<string, string> = {
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large',
  ENOENT: 'no such directory',
  EEXIST: 'a file is in its place',
  EPERM: 'not permitted',
  ENOTDIR: 'no such directory',
  EACCES: 'permission denied',
  EROFS: 'read-only file system',
  EISDIR: 'is a directory',
  EMFILE: 'too many open files',
}

/** What an error of the system means for whoever writes to `name`. */
export const writeError = (name: string, error: unknown): unknown => {
  const code = errorCode(error)
  if (code === undefined || error instanceof PcmError) return error
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return new DownstreamClosed()
  const reason = REASONS[code] ?? code
  return new PcmError(`${name}: cannot be written: ${reason}`, { exit: Exit.io, cause: error })
}
