import { environmentTexts } from '../environment-texts.js'
import { exitTexts } from '../exit-texts.js'
import { optionFacts, placeholder } from '../facts.js'
import { grouped } from '../help.js'
import { optionNames } from '../option-word.js'
import type { OptionSpec, ProgramSpec } from '../program.js'
import { blocks } from '../text.js'
import { bold, entry, paragraphs, plain, prose, section, verbatim } from './roff.js'

/** The day of the release; a page must not change from build to build. */
const DATE = '2026-11-23'

/** `pcm-x.1`. */
export const manPage = (spec: ProgramSpec, version: string): string =>
  manual(
    titleLine(spec.name, 1, version),
    section('name'),
    `${plain(spec.name)} \\- ${plain(spec.summary)}`,
    section('synopsis'),
    bold(spec.name),
    `[\\fIOPTION\\fR]... [\\fI${plain(spec.input.argument)}\\fR]${spec.input.many ? '...' : ''}`,
    section('description'),
    ...paragraphs(spec.description, { first: true }),
    '.PP',
    `\\fI${plain(spec.input.argument)}\\fR is ${prose(spec.input.short)}.`,
    section('options'),
    ...grouped(Object.entries(spec.options)).flatMap(([title, options]) => [
      `.SS ${plain(title)}`,
      ...options.flatMap(optionEntry),
    ]),
    ...(spec.sections ?? []).flatMap(({ title, text }) => [
      section(title),
      ...paragraphs(text, { first: true }),
    ]),
    ...(spec.examples.length ? examples(spec) : []),
    ...exitStatus(),
    ...environment(),
    ...seeAlso(spec.seeAlso),
  )

/** `.TH`, the first line of every page. */
export const titleLine = (name: string, part: number, version: string): string =>
  `.TH ${plain(name.toUpperCase())} ${part} ${DATE} "pcm ${version}" "pcm manual"`

export const exitStatus = (): string[] => [
  section('exit status'),
  ...exitTexts.flatMap(([status, text]) => entry(bold(`${status}`), prose(`${text}.`))),
]

export const environment = (): string[] => [
  section('environment'),
  ...environmentTexts.flatMap(([name, text]) => entry(bold(name), prose(`${text}.`))),
]

export const seeAlso = (pages: readonly string[]): string[] => [
  section('see also'),
  pages.map(prose).join(',\n'),
]

export const manual = (...lines: string[]): string => `${lines.join('\n')}\n`

const optionEntry = ([name, option]: [string, OptionSpec]): string[] => {
  const names = [...(option.alias ? [`-${option.alias}`] : []), ...optionNames({ [name]: option })]
  const value = placeholder(option)
  const term = names.map(bold).join(', ') + (value && ` \\fI${plain(value)}\\fR`)
  const facts = optionFacts(option)
  return entry(
    term,
    prose(`${sentence(option.short)}${facts && ` (${facts})`}.`),
    ...(option.long ? deeper(option.long) : []),
  )
}

/** Paragraphs that stay in the indentation of their entry. */
const deeper = (text: string): string[] =>
  blocks(text).flatMap(block =>
    block.kind === 'verbatim' ? ['.IP', ...verbatim(block.lines)] : ['.IP', prose(block.text)],
  )

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const examples = ({ examples }: ProgramSpec): string[] => [
  section('examples'),
  ...examples.flatMap(({ text, command }, i) => [
    ...(i ? ['.PP'] : []),
    prose(`${text}:`),
    '.PP',
    ...verbatim(command.split('\n')),
  ]),
]
