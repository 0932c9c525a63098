import type { Random } from '../../../fixtures/maker/random.js'

/** A format that programs read, as the fuzzer sees it. */
export interface Target {
  format: string
  /** Sound files; each is read with success before any is harmed. */
  samples: readonly Uint8Array[]
  /** Whether mutations are those of text. */
  text: boolean
  /** The name under which the harmed file is written, its ending telling what it is. */
  file: string
  /** The command lines that read `file`, the current directory being where it lies. */
  lines: readonly [string, ...string[]][]
  /** Other files that must be there. */
  beside?: Record<string, string | Uint8Array>
  /**
   * Puts right what would stop a reader at once, such as the length or the checksum of a header
   * whose content was harmed.
   */
  mend?(bytes: Uint8Array, draw: Random): Uint8Array
}
