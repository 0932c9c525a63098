// Before the runtime is loaded.
import '../../../engine/onnx/no-telemetry.js'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { unavailable } from '../unavailable.js'

const PACKAGE = '@huggingface/transformers'
const VERSION = '4.3.1'

/** A tensor of the package; `data` may lie on a GPU until it is asked for. */
export interface HfTensor {
  dims: readonly number[]
  data: Float32Array | BigInt64Array
  dispose(): void
}

export type Inputs = Record<string, HfTensor>

/** A network with its session, called with tensors by name. */
export interface HfModel {
  (inputs: Inputs): Promise<Record<string, HfTensor>>
  config: HfConfig
  sessions: Record<string, { inputNames: readonly string[]; outputNames: readonly string[] }>
  dispose(): Promise<unknown>
}

/** What is read of a config.json. */
export interface HfConfig {
  model_type?: string
  [key: string]: unknown
}

export interface Tokenizer {
  /** The tokens of a text with those that begin and end it, however many there are. */
  encode(text: string): number[]
  model_max_length?: number | null
  pad_token_id?: number
}

export interface FeatureExtractor {
  (samples: Float32Array): Promise<Inputs>
  config: { sampling_rate?: number; nb_max_samples?: number; padding?: string }
}

export interface LoadOptions {
  local_files_only: boolean
  revision?: string
  model_file_name?: string
  dtype?: string
  session_options?: object
}

interface Loader<Made> {
  from_pretrained(name: string, options: LoadOptions): Promise<Made>
}

/** What is used of the package. */
export interface Transformers {
  env: { allowRemoteModels: boolean; cacheDir: string; logLevel: number }
  LogLevel: { NONE: number }
  Tensor: {
    new (type: 'float32', values: Float32Array, dims: readonly number[]): HfTensor
    new (type: 'int64', values: BigInt64Array, dims: readonly number[]): HfTensor
  }
  PreTrainedModel: Loader<HfModel>
  AutoConfig: Loader<HfConfig>
  AutoTokenizer: Loader<Tokenizer>
  AutoFeatureExtractor: Loader<FeatureExtractor>
  AutoImageProcessor: Loader<{ config: object }>
}

/** Loads the package, or says how to get it (69). What it fetches is kept in the user's cache. */
export async function loadTransformers(where: string): Promise<Transformers> {
  const found = await import(PACKAGE).catch((error: unknown) => {
    throw unavailable(
      `${where}: the package ${PACKAGE} is not there`,
      `npm install ${PACKAGE}@${VERSION}`,
      error,
    )
  })
  const transformers = found as Transformers
  const { env } = transformers
  const { HF_HOME, HF_HUB_OFFLINE } = process.env
  env.cacheDir = join(HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'transformers.js')
  env.allowRemoteModels = !/^(1|true|yes|on)$/i.test(HF_HUB_OFFLINE ?? '')
  // Its warnings are about itself; what goes wrong is thrown.
  env.logLevel = transformers.LogLevel.NONE
  return transformers
}
