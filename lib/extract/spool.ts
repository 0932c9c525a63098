import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Exit, PcmError } from '../error.js'
import { openNameless } from '../stream/nameless.js'

/**
 * Copies what can be read only once into a temporary file. It has no name, so nothing is
 * left behind however the program ends.
 */
export async function spoolSource(
  source: AsyncIterable<Uint8Array> & { readonly name: string },
): Promise<FileHandle> {
  const file = await openNameless().catch(error => {
    throw spoolError(source.name, error)
  })
  try {
    for await (const chunk of source) {
      await file.appendFile(chunk).catch(error => {
        throw spoolError(source.name, error)
      })
    }
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

const spoolError = (name: string, error: unknown): PcmError =>
  new PcmError(
    `${name}: cannot be copied to ${tmpdir()}: ${error instanceof Error ? error.message : error}`,
    { exit: Exit.io, hint: 'set TMPDIR to a place with room, or name a file', cause: error },
  )
