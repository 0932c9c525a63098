import type { PcmError } from '../../error.js'
import type { Kind } from '../../stream/types.js'
import type { RawFile } from '../raw-file.js'
import type { OptionReader } from './option-reader.js'

/** One picture, sound or text, not yet read; it can be sent to another thread. */
export type Raw = RawFile | { text: string }

/** A frozen map from raw data to features. */
export interface Encoder {
  /** Name and effective options, as they would be written in an address: `hog,size=64,...`. */
  readonly address: string
  /** Numbers per vector. */
  readonly dim: number
  /** One vector an item, or a sequence of them. */
  readonly layout: 'vector' | 'tokens'
  /** How the numbers are to be kept. */
  readonly float: 'float32' | 'float16'
  /**
   * The features of each item, in order: `dim` numbers, or tokens x dim of them. What is wrong with
   * one item stands in its place, so that the caller can name the row and decide.
   */
  encode(items: readonly Raw[]): Promise<(Float32Array | PcmError)[]>
  close(): Promise<void>
}

/** An encoder as its own file makes it: how its numbers are kept is not its business. */
export type MadeEncoder = Omit<Encoder, 'float'>

export interface EncoderRequest {
  kind: Kind
  /** What follows the encoder's name: the FILE of `onnx:FILE`. */
  argument: string | undefined
  options: OptionReader
  /** Threads that arithmetic may use. */
  threads: number
  /** Where arithmetic runs: `--device`. */
  device: string
  /** Told what the user should know though the work goes on. */
  warn(text: string): void
}

/** What the file of an encoder exports. */
export interface EncoderModule {
  openEncoder(request: EncoderRequest): Promise<MadeEncoder>
}
