import { badUsage } from '../error.js'
import { openArray } from '../formats/array-file.js'
import type { FileArray } from '../formats/array.js'
import type { ModalityAddress, Source } from './address.js'
import { OptionReader } from './encoders/option-reader.js'
import type { Pool } from './encoders/pool.js'
import { openEncoder, share } from './encoders/registry.js'
import type { Encoder } from './encoders/types.js'
import { arrayFeature } from './features/array.js'
import {
  categoryFeature,
  namesInArray,
  namesInColumn,
  readVocabulary,
  vocabularyOf,
} from './features/category.js'
import { encodedFeature } from './features/encoded.js'
import { failAtOnce, type Block, type Feature } from './features/types.js'
import type { Request } from './plan.js'
import { vectorFeature } from './features/vector.js'
import { openList } from './others.js'
import { onlyColumn, type Table, type Wanted } from './table.js'
import { readTemplates, takeTemplates } from './templates.js'

/** Kinds that come through an encoder when they come from a manifest. */
export const isEncoded = ({ kind, source }: ModalityAddress): boolean =>
  source.from === 'columns' && kind !== 'vector' && kind !== 'category'

/** A modality whose values are manifest columns. */
export async function columnFeature(
  address: ModalityAddress,
  table: Table,
  wanted: Wanted,
  { encoder, pool }: { encoder: Encoder | undefined; pool: Pool | undefined },
): Promise<Feature> {
  const { name, kind, text } = address
  const columns = table.find(wanted)
  const manifest = table.manifest.name
  if (kind === 'vector' || kind === 'category') refuseEncoder(address)
  const options = new OptionReader(address.options, text)
  if (kind === 'vector') {
    const float = options.float()
    options.finish()
    return vectorFeature({ name, float }, columns, manifest)
  }
  if (kind === 'category') {
    const column = onlyColumn(columns, text)
    const file = options.text('vocab')
    options.finish()
    const words = file ? await readVocabulary(file) : vocabularyOf(column.facts.distinct ?? [])
    return categoryFeature(name, words, namesInColumn(column, manifest), manifest)
  }
  const { path, address: encoded } = takeTemplates(address)
  const templates = path === undefined ? undefined : await readTemplates(path)
  const items = columns.reduce((sum, { facts }) => sum + facts.present, 0)
  return encodedFeature({
    name,
    kind,
    columns,
    templates,
    encoder: pool ? share(encoded, encoder!, items * (templates?.length ?? 1), pool) : encoder!,
    directory: table.manifest.directory,
    where: manifest,
  })
}

/** A modality whose values are the rows of an array in a file. */
export async function fileFeature(
  address: ModalityAddress,
  source: Source & { from: 'array' },
): Promise<{ feature: Feature; rows: number }> {
  const { name, kind, text } = address
  if (kind !== 'vector' && kind !== 'category') {
    throw badUsage(
      `${text}: an array file holds vectors or categories, not ${kind}`,
      `write ${name}=vector:${source.path}`,
    )
  }
  refuseEncoder(address)
  const options = new OptionReader(address.options, text)
  if (kind === 'vector') {
    const transpose = options.flag('t')
    const float = options.float()
    options.finish()
    const array = await openArray(source.path, { selector: source.selector, transpose })
    return { feature: arrayFeature({ name, float }, array), rows: array.rows }
  }
  const file = options.text('vocab')
  options.finish()
  const array = await openList(source.path, source.selector)
  const words = file ? await readVocabulary(file) : vocabularyOf(await namesOf(array))
  const feature = categoryFeature(name, words, namesInArray(array), text)
  return { feature: { ...feature, close: () => array.close() }, rows: array.rows }
}

const namesOf = async (array: FileArray): Promise<string[]> => {
  const rows: Block = Array.from({ length: array.rows }, (_, number) => ({
    number,
    line: 0,
    id: '',
    cells: [],
  }))
  return (await namesInArray(array)(rows, failAtOnce)).filter(name => name !== null)
}

const refuseEncoder = ({ encoder, kind, text }: ModalityAddress): void => {
  if (encoder) throw badUsage(`${text}: a ${kind} takes no encoder ('@${encoder.name}')`)
}

/** Opened before anything is read, so that a misspelt option is told at once. */
export async function openEncoders(
  modalities: readonly ModalityAddress[],
  { threads, device, warn }: Pick<Request, 'threads' | 'device' | 'warn'>,
  closers: (() => Promise<void>)[],
): Promise<Map<ModalityAddress, Encoder>> {
  const encoders = new Map<ModalityAddress, Encoder>()
  for (const address of modalities) {
    if (!isEncoded(address)) continue
    const taken = takeTemplates(address).address
    const encoder = await openEncoder(taken, threads, { device, warn })
    closers.push(() => encoder.close())
    encoders.set(address, encoder)
  }
  return encoders
}
