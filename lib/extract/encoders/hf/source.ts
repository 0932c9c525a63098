import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { unavailable } from '../unavailable.js'

/** Where a model is: a folder of this machine, or a name on the Hugging Face hub. */
export interface Source {
  /** What the package is told. */
  id: string
  /** A folder is read where it lies: the network is never asked. */
  local: boolean
  /** What the stream records: a folder without the folders it is in. */
  name: string
}

/** A folder where there is one of this name; what can only be a path is refused where there is none. */
export async function findSource(text: string, where: string): Promise<Source> {
  const about = await stat(text).catch(() => undefined)
  const path = resolve(text)
  if (about?.isDirectory()) return { id: path, local: true, name: basename(path) }
  if (/^(?:\.{0,2}\/|[A-Za-z]:[\\/])/.test(text) || text.split('/').length > 2)
    throw unavailable(`${where}: no such folder: ${text}`, 'the weights are not part of pcm')
  return { id: text, local: false, name: text }
}
