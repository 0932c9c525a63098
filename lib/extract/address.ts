import { badUsage } from '../error.js'
import { isArrayFile } from '../formats/array-file.js'
import { KINDS, type Kind } from '../stream/types.js'

/** Where values come from: columns of the manifest, or an array in a file. */
export type Source =
  | { from: 'columns'; columns: ColumnPattern[] }
  | { from: 'array'; path: string; selector: string | undefined }

/** One column, the columns from one to another in manifest order, or those a `*` matches. */
export type ColumnPattern =
  | { type: 'name'; name: string }
  | { type: 'range'; first: string; last: string }
  | { type: 'glob'; glob: string }

/** An option of an address; `true` where it has no value. */
export type AddressOptions = ReadonlyMap<string, string | true>

export interface ModalityAddress {
  /** As it was written, for messages. */
  text: string
  name: string
  kind: Kind
  source: Source
  /** `hog`, or `onnx:net.onnx` in parts. */
  encoder: { name: string; argument: string | undefined } | undefined
  options: AddressOptions
}

export interface ColumnAddress {
  text: string
  name: string
  source: Source
}

/**
 * `NAME=KIND:SOURCE[@ENCODER][,OPTION[=VALUE]]...`: split at the first `=`, the first `:`, the last
 * `@`, then at commas. What belongs to a path instead is written %2C, %40, %25 and so on.
 */
export function parseModality(text: string): ModalityAddress {
  const fail = (found: string, hint = 'write -m NAME=KIND:SOURCE, as in photo=image:file@hog') =>
    badUsage(`-m ${text}: ${found}`, hint)
  const [name, rest] = splitFirst(text, '=')
  if (rest === undefined || name === '') throw fail('no NAME= in front')
  checkName(name, `-m ${text}`)
  const [kind, place] = splitFirst(rest, ':')
  if (!isKind(kind)) throw fail(`unknown kind '${kind}', expected ${KINDS.join(', ')}`)
  if (place === undefined) throw fail(`no SOURCE after '${kind}'`)
  const at = place.lastIndexOf('@')
  const [head, ...options] = (at < 0 ? place : place.slice(at + 1)).split(',')
  const sourceText = at < 0 ? head! : place.slice(0, at)
  if (sourceText.includes(',')) {
    throw fail(`a comma in the source '${sourceText}'`, 'write %2C for a comma, %40 for an @')
  }
  const encoder = at < 0 ? undefined : parseEncoder(head!)
  if (encoder?.name === '') throw fail('no encoder after the @')
  return {
    text: `-m ${text}`,
    name,
    kind,
    source: parseSource(sourceText, `-m ${text}`),
    encoder,
    options: parseOptions(options, fail),
  }
}

/** `NAME=SOURCE`: a column that is carried along. */
export function parseColumn(text: string): ColumnAddress {
  const [name, rest] = splitFirst(text, '=')
  if (rest === undefined || name === '') {
    throw badUsage(`-c ${text}: no NAME= in front`, 'write -c NAME=SOURCE, as in label=class')
  }
  checkName(name, `-c ${text}`)
  return { text: `-c ${text}`, name, source: parseSource(rest, `-c ${text}`) }
}

/** `FILE::SELECTOR`, a file that can only be an array, or manifest columns. */
function parseSource(text: string, where: string): Source {
  const separator = text.lastIndexOf('::')
  if (separator >= 0) {
    const path = unescapeText(text.slice(0, separator), where)
    const selector = unescapeText(text.slice(separator + 2), where)
    if (path === '' || selector === '') {
      throw badUsage(`${where}: '${text}' lacks a file or a selector around ::`)
    }
    return { from: 'array', path, selector }
  }
  const path = unescapeText(text, where)
  // A column may be called like a file: `views%2Enpy` is one.
  if (isArrayFile(text)) return { from: 'array', path, selector: undefined }
  return { from: 'columns', columns: text.split('+').map(part => parsePattern(part, where)) }
}

function parsePattern(text: string, where: string): ColumnPattern {
  if (text === '') throw badUsage(`${where}: an empty column name`)
  const [first, last] = splitFirst(text, '..')
  if (last !== undefined) {
    return { type: 'range', first: unescapeText(first, where), last: unescapeText(last, where) }
  }
  const name = unescapeText(text, where)
  return text.includes('*') ? { type: 'glob', glob: name } : { type: 'name', name }
}

const parseEncoder = (text: string): { name: string; argument: string | undefined } => {
  const [name, argument] = splitFirst(text, ':')
  return { name, argument: argument === undefined ? undefined : unescapeText(argument, text) }
}

function parseOptions(
  texts: readonly string[],
  fail: (found: string) => Error,
): Map<string, string | true> {
  const options = new Map<string, string | true>()
  for (const text of texts) {
    const [name, value] = splitFirst(text, '=')
    if (name === '') throw fail('an empty option')
    if (options.has(name)) throw fail(`option '${name}' given twice`)
    options.set(name, value === undefined ? true : unescapeText(value, text))
  }
  return options
}

/** `%2C` and the like: the only escapes of an address. */
export const unescapeText = (text: string, where: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badUsage(`${where}: '${text}' has a % that starts no escape`, 'write %25 for a %')
  }
}

/** A separator that is not there gives an undefined second part. */
export const splitFirst = (text: string, separator: string): [string, string | undefined] => {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** A column's name is used in other programs' addresses, where these characters separate. */
const checkName = (name: string, where: string): void => {
  if (/[\s,:=@+>*%\0]/.test(name)) {
    throw badUsage(`${where}: name '${name}' contains a character that separates in addresses`)
  }
}

const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text)
