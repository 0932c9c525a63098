import { readFile } from 'node:fs/promises'
import { inputError } from '../formats/byte-range.js'
import { readPart, type FilePart } from '../formats/file-part.js'

/** A picture or sound that has not been read yet; it can be sent to another thread. */
export interface RawFile {
  /** Where it is; for messages only where it is part of another file. */
  path: string
  part?: FilePart
}

/** All its bytes. What cannot be read is exit 66 or 74, what is cut short 65. */
export const bytesOfFile = ({ path, part }: RawFile): Promise<Buffer> =>
  part
    ? readPart(part)
    : readFile(path).catch(error => {
        throw inputError(path, error)
      })
