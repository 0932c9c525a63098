import { pack, type Header } from 'tar-stream'
import { all } from './check.js'

export interface ArchiveMember extends Partial<Header> {
  name: string
  bytes?: Uint8Array | string
}

/** A tar archive, as tar-stream writes it. */
export async function archive(members: readonly ArchiveMember[]): Promise<Buffer> {
  const packed = pack()
  for (const { bytes, ...header } of members) packed.entry(header, bytes ?? '')
  packed.finalize()
  return Buffer.concat((await all(packed as AsyncIterable<unknown>)) as Buffer[])
}
