import { exitTexts } from './exit-texts.js'
import { environmentTexts } from './environment-texts.js'
import { briefFacts, optionFacts, optionLabel } from './facts.js'
import { common } from './options/common.js'
import { inputLabel, type OptionSpec, type ProgramSpec, type Text } from './program.js'
import { blocks, wrap as wrapTo } from './text.js'

const WIDTH = 80
const COLUMN = 26
const NO_BREAK = '\xa0'

/** `-h`: about one screen. Options that all programs share are only named. */
export const shortHelp = (spec: ProgramSpec): string => {
  const own = Object.entries(spec.options).filter(([name]) => !isShared(name))
  const shared = Object.entries(spec.options).filter(([name]) => isShared(name))
  const example = spec.examples[0]
  return lines(
    usage(spec),
    `${spec.name}: ${spec.summary}`,
    ...grouped(own).flatMap(([title, options]) => ['', `${title}:`, ...options.map(shortOption)]),
    '',
    'Shared by all programs:',
    ...wrap(shared.map(([name, option]) => unbroken(optionLabel(name, option))).join(' '), 2).map(
      row => row.replaceAll(NO_BREAK, ' '),
    ),
    ...(example ? ['', ...wrap(`Example: ${example.text}`, 0), indent(example.command, 2)] : []),
    '',
    `All of it: ${spec.name} --help, man ${spec.name}`,
  )
}

/** `--help`: everything the man page says. */
export const longHelp = (spec: ProgramSpec): string =>
  lines(
    usage(spec),
    `${spec.name}: ${spec.summary}`,
    '',
    ...prose(spec.description, 0),
    '',
    `${spec.input.argument} is ${spec.input.short}.`,
    ...grouped(Object.entries(spec.options)).flatMap(([title, options]) => [
      '',
      `${title}:`,
      ...options.flatMap(longOption),
    ]),
    ...(spec.sections ?? []).flatMap(({ title, text }) => ['', `${title}:`, ...prose(text, 2)]),
    '',
    'Examples:',
    ...spec.examples.flatMap(({ text, command }) => [
      ...wrap(`${text}:`, 2),
      indent(command, 4),
      '',
    ]),
    'Exit status:',
    ...exitTexts.flatMap(([status, text]) => hanging(`${status}`, text, 12)),
    '',
    'Environment:',
    ...environmentTexts.flatMap(([name, text]) => hanging(name, text, 16)),
    '',
    `See also: ${spec.seeAlso.join(', ')}`,
  )

const usage = (spec: ProgramSpec): string => `usage: ${spec.name} [OPTION]... ${inputLabel(spec)}`

/** What the table knows beside the text is shown where it fits on the line. */
const shortOption = ([name, option]: [string, OptionSpec]): string => {
  const facts = briefFacts(option)
  const text = facts ? `${option.short} (${facts})` : option.short
  const fits = COLUMN + text.length <= WIDTH
  return hanging(optionLabel(name, option), fits ? text : option.short, COLUMN).join('\n')
}

const longOption = ([name, option]: [string, OptionSpec]): string[] => {
  const facts = optionFacts(option)
  return [
    `  ${optionLabel(name, option)}`,
    ...wrap(option.short + (facts && ` (${facts})`), 6),
    ...(option.long ? prose(option.long, 6) : []),
    '',
  ]
}

/** Options under their headings, in the order in which the headings first appear. */
export const grouped = (
  entries: readonly [string, OptionSpec][],
): [title: string, options: [string, OptionSpec][]][] => {
  const groups = new Map<string, [string, OptionSpec][]>()
  for (const entry of entries) {
    const title = entry[1].group ?? 'Options'
    groups.set(title, [...(groups.get(title) ?? []), entry])
  }
  return [...groups]
}

/** An option that stays on one line, in brackets. */
const unbroken = (label: string): string => `[${label.replaceAll(' ', NO_BREAK)}]`

const isShared = (name: string): boolean => Object.hasOwn(common, name)

/** A label, and a text beside it that keeps to its column; below it where the label is too long. */
const hanging = (label: string, text: string, column: number): string[] => {
  const [first = '', ...rest] = wrap(text, column)
  const head = `  ${label}`
  if (head.length + 2 > column) return [head, first, ...rest]
  return [head.padEnd(column) + first.trimStart(), ...rest]
}

const prose = (text: Text, margin: number): string[] =>
  blocks(text).flatMap((block, i) => [
    ...(i ? [''] : []),
    ...(block.kind === 'verbatim'
      ? block.lines.map(line => ' '.repeat(margin + 2) + line)
      : wrap(block.text, margin)),
  ])

const wrap = (text: string, margin: number): string[] => wrapTo(text, WIDTH, margin)

const indent = (text: string, margin: number): string => text.replace(/^/gm, ' '.repeat(margin))

const lines = (...rows: string[]): string => `${rows.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
