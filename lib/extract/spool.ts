import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Exit, PcmError } from '../error.js'

/**
 * Copies what can be read only once into a temporary file. The file has no name any more when this
 * returns, so nothing is left behind however the program ends.
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

/** A temporary file that is gone when it is closed. */
export const openNameless = async (): Promise<FileHandle> => {
  const directory = await mkdtemp(join(tmpdir(), 'pcm-'))
  try {
    return await open(join(directory, 'manifest'), 'wx+')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const spoolError = (name: string, error: unknown): PcmError =>
  new PcmError(
    `${name}: cannot be copied to ${tmpdir()}: ${error instanceof Error ? error.message : error}`,
    { exit: Exit.io, hint: 'set TMPDIR to a place with room, or name a file', cause: error },
  )
