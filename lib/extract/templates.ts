import { readFile } from 'node:fs/promises'
import { badData } from '../error.js'
import { inputError } from '../formats/byte-range.js'
import type { ModalityAddress } from './address.js'
import { OptionReader } from './encoders/option-reader.js'

/** Sentences with a gap for a text: `a photo of a {}.`; `{c}`, as other programs write it, is the same. */
const GAP = /\{c?\}/g

/**
 * The option `templates=FILE` of a text modality, taken out of the address: it says what is encoded,
 * so it is none of the encoder's. Undefined where there is none.
 */
export const takeTemplates = (
  address: ModalityAddress,
): { address: ModalityAddress; path: string | undefined } => {
  if (address.kind !== 'text') return { address, path: undefined }
  const path = new OptionReader(address.options, address.text).text('templates')
  const options = new Map(address.options)
  options.delete('templates')
  return { address: { ...address, options }, path }
}

/** Reads templates, one a line; blank lines do not count. Bad data (65) where one has no gap. */
export const readTemplates = async (path: string): Promise<string[]> => {
  const text = await readFile(path, 'utf8').catch(error => {
    throw inputError(path, error)
  })
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const gapless = lines.findIndex(line => line.trim() !== '' && line.search(GAP) < 0)
  if (gapless >= 0)
    throw badData(
      `${path}: line ${gapless + 1}: '${lines[gapless]}' has no {}`,
      'the text goes where {} stands, as in: a photo of a {}.',
    )
  const templates = lines.filter(line => line.trim() !== '')
  if (templates.length === 0) throw badData(`${path}: is empty, expected one template a line`)
  return templates
}

/** The template with the text in every gap. */
export const fill = (template: string, text: string): string => template.replace(GAP, () => text)
