import { badData } from '../../error.js'
import type { Source } from '../source.js'
import { ByteReader } from './byte-reader.js'
import { describeStart } from './foreign-format.js'

const MAGIC = Buffer.from('ARROW1')
const LARGEST_METADATA = 1 << 26
const LARGEST_BODY = 0x7fffffff
/** Some writers pad the stream inside a file; a second file is longer. */
const LARGEST_PADDING = 64

/**
 * The frames of an Arrow IPC stream, or of the stream inside an Arrow file: `next` gives the
 * metadata of the next message (undefined after the end-of-stream marker), `body` the bytes that
 * belong to it. Whatever else comes, or does not come, is refused.
 */
export class Frames {
  readonly #bytes: ByteReader
  #place: 'start' | 'stream' | 'file' = 'start'
  #messages = 0

  constructor(source: Source) {
    this.#bytes = new ByteReader(source)
  }

  async next(): Promise<Uint8Array | undefined> {
    const start = this.#place === 'start' ? await this.#open() : await this.#read(8)
    const view = new DataView(start.buffer, start.byteOffset, 8)
    if (view.getInt32(0, true) !== -1 && this.#place === 'file' && this.#messages === 0)
      throw badData(
        'an Arrow file without a stream inside, as polars writes it',
        'write a stream (polars: write_ipc_stream) or Parquet',
      )
    this.#messages++
    if (view.getInt32(0, true) !== -1)
      throw badData('damaged: a message does not begin with the continuation marker')
    const length = view.getInt32(4, true)
    if (length === 0) return this.#end()
    if (length < 0 || length > LARGEST_METADATA)
      throw badData(`damaged: a message claims ${length >>> 0} bytes of metadata`)
    return this.#read(length)
  }

  async body(length: number): Promise<Uint8Array> {
    if (!(length >= 0 && length <= LARGEST_BODY))
      throw badData(
        `a batch of ${length} bytes, expected at most ${LARGEST_BODY}`,
        'write batches of 4 to 32 MB',
      )
    return this.#read(length)
  }

  async #open(): Promise<Uint8Array> {
    const start = await this.#bytes.upTo(8)
    if (start.byteLength === 0) throw badData('empty (0 bytes), expected an Arrow stream')
    if (MAGIC.equals(start.subarray(0, 6))) {
      this.#place = 'file'
      return this.#read(8)
    }
    this.#place = 'stream'
    const other = describeStart(start)
    if (other) throw badData(`${other.found}, expected an Arrow stream`, other.hint)
    if (start.byteLength < 8) throw endedEarly()
    return start
  }

  async #read(length: number): Promise<Uint8Array> {
    const bytes = await this.#bytes.upTo(length)
    if (bytes.byteLength < length) throw endedEarly()
    return bytes
  }

  async #end(): Promise<undefined> {
    if (this.#place === 'file') return this.#endOfFile()
    const { byteLength } = await this.#bytes.upTo(8)
    if (byteLength > 0)
      throw badData(
        'more bytes follow the end of the stream',
        'streams cannot be joined by cat; read them one by one',
      )
  }

  /** Footer, its length, magic. The footer repeats what was read; only its frame is checked. */
  async #endOfFile(): Promise<undefined> {
    const { length, last } = await this.#bytes.drain(10)
    if (length < 10 || !MAGIC.equals(last.subarray(4))) throw endedEarly()
    const footer = new DataView(last.buffer, last.byteOffset).getInt32(0, true)
    const between = length - 10 - footer
    if (footer <= 0 || between < 0 || between > LARGEST_PADDING)
      throw badData(`damaged: a file footer of ${footer} bytes in the last ${length}`)
  }
}

const endedEarly = () =>
  badData(
    'upstream ended early: the end-of-stream marker is missing',
    'the program that wrote this failed or was stopped; see its message',
  )
