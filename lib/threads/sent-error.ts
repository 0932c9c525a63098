import { PcmError } from '../error.js'

/** An error of ours as it travels between threads, which would make it a plain Error. */
export type SentError = Pick<PcmError, 'message' | 'exit' | 'hint'>

export const sendError = ({ message, exit, hint }: PcmError): SentError => ({ message, exit, hint })

export const reviveError = ({ message, exit, hint }: SentError): PcmError =>
  new PcmError(message, { exit, hint })
