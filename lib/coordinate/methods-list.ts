import type { Recipe } from '../cli/program.js'
import { FORMS } from './closed-form/forms.js'
import { HEADS } from './heads/index.js'
import { TERMS } from './losses/index.js'
import { needsOf } from './losses/needs.js'
import { optionRange } from './losses/option-range.js'
import { POOLINGS } from './poolings/index.js'

/** What `pcm-train --list` prints: terms with their options, heads, poolings, closed forms and recipes, each with its source. */
export const methodsList = (recipes: Readonly<Record<string, Recipe>>): string =>
  [
    'Terms of a loss, for --loss and --term:',
    ...Object.entries(TERMS).flatMap(([name, term]) => [
      '',
      entry(name, term.summary),
      entry('', term.source),
      ...needsOf(term).map(need => entry('', need)),
      ...Object.entries(term.options).map(([option, spec]) =>
        entry('', `${option}=${optionRange(spec)}: ${spec.short} (default: ${spec.default})`),
      ),
    ]),
    '',
    'Heads, for --head:',
    ...Object.entries(HEADS).flatMap(([name, { summary, source }]) => [
      '',
      entry(name, summary),
      entry('', source),
    ]),
    '',
    'Poolings of tokens, for --pooling:',
    ...Object.entries(POOLINGS).flatMap(([name, { summary, source }]) => [
      '',
      entry(name, summary),
      entry('', source),
    ]),
    '',
    'Closed forms, for --closed-form:',
    ...Object.entries(FORMS).flatMap(([name, { summary, source, options }]) => [
      '',
      entry(name, summary),
      entry('', source),
      ...Object.entries(options).map(([option, spec]) =>
        entry('', `${option}=NUMBER: ${spec.short} (default: ${spec.default})`),
      ),
    ]),
    '',
    'Recipes, for --recipe, and what they set:',
    ...Object.entries(recipes).flatMap(([name, { summary, source, options }]) => [
      '',
      entry(name, summary),
      entry('', source),
      entry('', optionsText(options)),
    ]),
    '',
    'pcm-methods(7) tells what each is for, and pcm-train --help which are the default ones.',
    '',
  ].join('\n')

/** The options as they would be given. */
const optionsText = (options: Recipe['options']): string =>
  Object.entries(options)
    .flatMap(([name, values]) => [values].flat().map(value => `--${name} ${value}`))
    .join(' ')

const entry = (name: string, text: string): string => `  ${name.padEnd(18)}${text}`

/** A method as a line of `pcm-train --list --format json`: keys never change their meaning, new ones may come. */
interface Method {
  kind: 'loss' | 'term' | 'head' | 'pooling' | 'closed-form' | 'recipe'
  name: string
  summary: string
  source: string
  /** What asks for it on a command line; a term that cannot stand alone comes beside the default loss. */
  arguments: string[]
  /** Whether it is nothing without features that are tokens. */
  tokens: boolean
  /** Whether it compares with another model, and takes --teacher. */
  teacher: boolean
}

/** The same for programs: one JSON object a line. */
export const methodsLines = (recipes: Readonly<Record<string, Recipe>>): string =>
  [
    ...Object.entries(TERMS).map(([name, term]) =>
      method(term.alone ? 'loss' : 'term', name, term, {
        tokens: term.tokens === 'needed',
        teacher: term.teacher !== undefined,
      }),
    ),
    ...Object.entries(HEADS).map(([name, head]) => method('head', name, head)),
    ...Object.entries(POOLINGS).map(([name, pooling]) =>
      method('pooling', name, pooling, { tokens: true }),
    ),
    ...Object.entries(FORMS).map(([name, form]) => method('closed-form', name, form)),
    ...Object.entries(recipes).map(([name, recipe]) =>
      method('recipe', name, recipe, { tokens: recipe.options.pooling !== undefined }),
    ),
  ]
    .map(found => `${JSON.stringify(found)}\n`)
    .join('')

const method = (
  kind: Method['kind'],
  name: string,
  { summary, source }: { summary: string; source: string },
  { tokens = false, teacher = false } = {},
): Method => ({ kind, name, summary, source, arguments: [`--${kind}`, name], tokens, teacher })
