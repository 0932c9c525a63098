import { badData, badUsage, PcmError } from '../../../error.js'
import type { Kind } from '../../../stream/types.js'
import { withProviders } from '../network/execution-providers.js'
import type { Tensor } from '../network/network.js'
import type { OptionReader } from '../option-reader.js'
import { unavailable } from '../unavailable.js'
import type { HfConfig, HfModel, Inputs, LoadOptions, Transformers } from './package.js'
import type { Source } from './source.js'

export interface Around {
  transformers: Transformers
  source: Source
  load: LoadOptions
  options: OptionReader
}

/** A model, one output of which is wanted. */
export interface Network {
  config: HfConfig
  inputs: readonly string[]
  /** True where the output is a vector an item as it comes, so that nothing is left to pool. */
  pooled: boolean
  run(inputs: Inputs): Promise<Tensor>
  close(): Promise<unknown>
}

export interface ModelRequest extends Around {
  kind: Kind
  /** True where the vectors of a sequence are wanted, by `tokens` or `pool`. */
  sequence: boolean
  threads: number
  device: string
  warn(text: string): void
}

/** Models that see two modalities, each in a file of its own. */
const TOWERS: Partial<Record<Kind, string>> = {
  image: 'vision_model',
  text: 'text_model',
  audio: 'audio_model',
}
const isTowers = (type: string): boolean =>
  /^(clip|chinese_clip|siglip2?|clap|jina_clip|mobileclip|clipseg)$/.test(type)

const fileOf = (kind: Kind, { model_type: type = '' }: HfConfig): string =>
  isTowers(type) ? TOWERS[kind]! : type === 'whisper' ? 'encoder_model' : 'model'

/**
 * Opens the network of a kind of raw data: `onnx/FILE.onnx` of the folder, where FILE is model, or
 * vision_model, text_model or audio_model of a model of two towers, or encoder_model of Whisper.
 */
export async function openModel(request: ModelRequest): Promise<Network> {
  const { transformers, source, load, options, kind, sequence, threads, device, warn } = request
  const { where } = options
  const file = options.text('model')
  const dtype = options.text('dtype') ?? 'fp32'
  const output = options.text('output')
  const config = await explained(source, where, () =>
    transformers.AutoConfig.from_pretrained(source.id, load),
  )
  const model = await withProviders(device, { where, warn }, executionProviders =>
    explained(source, where, () =>
      transformers.PreTrainedModel.from_pretrained(source.id, {
        ...load,
        dtype,
        model_file_name: file ?? fileOf(kind, config),
        session_options: { executionProviders, intraOpNumThreads: threads, logSeverityLevel: 3 },
      }),
    ),
  )
  const session = model.sessions['model']!
  const chosen = choose(session.outputNames, { output, sequence, config, where })
  return {
    config,
    inputs: session.inputNames,
    pooled: POOLED.includes(chosen),
    run: inputs => run(model, inputs, chosen, source),
    close: () => model.dispose(),
  }
}

/** Outputs that are a vector an item. */
const POOLED = [
  'image_embeds',
  'text_embeds',
  'audio_embeds',
  'embeddings',
  'sentence_embedding',
  'pooler_output',
]

/**
 * The output that is meant: the projection of a contrastive model or the embedding of a sentence
 * model, else the last layer. The pooler of other models (BERT, ViT) was trained for something else.
 */
function choose(
  names: readonly string[],
  {
    output,
    sequence,
    config,
    where,
  }: { output: string | undefined; sequence: boolean; config: HfConfig; where: string },
): string {
  if (output !== undefined) {
    if (names.includes(output)) return output
    throw badUsage(`${where}: no output '${output}'`, `there are: ${names.join(', ')}`)
  }
  const layer = names.find(name => /^(last_hidden_state|token_embeddings)$/.test(name))
  if (sequence) {
    if (layer) return layer
    throw badUsage(
      `${where}: the model gives no sequence that tokens or pool could be of`,
      `its outputs: ${names.join(', ')}`,
    )
  }
  const trained = POOLED.filter(
    name => name !== 'pooler_output' || isTowers(config.model_type ?? ''),
  )
  return trained.find(name => names.includes(name)) ?? layer ?? names[0]!
}

async function run(
  model: HfModel,
  inputs: Inputs,
  output: string,
  { name }: Source,
): Promise<Tensor> {
  const results = await model(inputs).catch((error: unknown) => {
    throw badData(`${name}: ${firstLine(error)}`, undefined, error)
  })
  const { dims, data } = results[output]!
  if (!(data instanceof Float32Array))
    throw badData(`${name}: output ${output} is no tensor of float32`)
  const values = data.slice()
  // What lies outside JavaScript's memory is not collected by itself.
  for (const tensor of Object.values(results)) tensor.dispose()
  return { dims: [...dims], values }
}

/** What cannot be loaded is unavailable (69): a file that is missing, or a hub that is not reached. */
export async function explained<Result>(
  { name, local }: Source,
  where: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PcmError) throw error
    const hint = local
      ? 'a folder as on the hub: config.json, preprocessor_config.json or tokenizer.json, onnx/model.onnx'
      : `download the model into a folder, and write hf:FOLDER`
    const lacking = /not found locally at "(?:.*[\\/])?([^\\/"]+)"/.exec(String(error))?.[1]
    const reason = lacking ? `there is no ${lacking}` : firstLine(error)
    throw unavailable(`${where}: ${name}: ${reason}`, hint, error)
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
