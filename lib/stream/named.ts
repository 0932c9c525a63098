import { PcmError } from '../error.js'

/** Runs `check` and puts what it was about (a file, a column) in front of what it finds wrong. */
export const named = <T>(what: string, check: () => T): T => {
  try {
    return check()
  } catch (error) {
    throw prefixed(what, error)
  }
}

export const namedAsync = async <T>(what: string, check: () => Promise<T>): Promise<T> => {
  try {
    return await check()
  } catch (error) {
    throw prefixed(what, error)
  }
}

export const ofColumn = <T>({ name }: { name: string }, check: () => T): T =>
  named(`column '${name}'`, check)

const prefixed = (what: string, error: unknown): unknown => {
  if (!(error instanceof PcmError)) return error
  const { message, exit, hint, cause } = error
  return new PcmError(`${what}: ${message}`, { exit, hint, cause })
}
