import { stat } from 'node:fs/promises'
import type { ModalityField, OtherField } from '../../stream/types.js'
import type { ColumnAddress, ModalityAddress } from '../address.js'
import type { Identity } from './journal.js'

/** Files beside the manifest that a command line names. */
export const filesNamed = (
  modalities: readonly ModalityAddress[],
  columns: readonly ColumnAddress[],
  split: string | undefined,
): string[] => [
  ...[...modalities, ...columns].flatMap(({ source }) =>
    source.from === 'array' ? [source.path] : [],
  ),
  ...modalities.flatMap(({ encoder, options }) => [
    ...(encoder?.argument === undefined ? [] : [encoder.argument]),
    ...[...options.values()].filter(value => typeof value === 'string'),
  ]),
  ...(split?.split(',').flatMap(part => /=@(.+)$/.exec(part)?.[1] ?? []) ?? []),
]

/** Size and time of the last change of those that are there. */
export async function stateOf(files: readonly string[]): Promise<Identity> {
  const states: Record<string, string> = {}
  for (const file of files) {
    const found = await stat(file).catch(() => undefined)
    if (found) states[`file ${file}`] = `${found.size} ${found.mtimeMs}`
  }
  return states
}

/** The columns of a result, so that an encoder that has changed is noticed. */
export const columnsOf = (
  modalities: readonly ModalityField[],
  others: readonly OtherField[],
): Identity =>
  Object.fromEntries(
    [...modalities, ...others].map(field => [`column ${field.name}`, JSON.stringify(field)]),
  )

/** The options of a run by their names. */
export const optionsOf = (config: Readonly<Record<string, unknown>>): Identity =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [`--${name}`, JSON.stringify(value)]),
  )
