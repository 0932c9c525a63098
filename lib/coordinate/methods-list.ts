import type { Recipe } from '../cli/program.js'
import { FORMS } from './closed-form/forms.js'
import { HEADS } from './heads/index.js'
import { TERMS } from './losses/index.js'
import { optionRange } from './losses/option-range.js'
import { POOLINGS } from './poolings/index.js'

/** What `pcm-train --list` prints: terms with their options, heads, poolings, closed forms and recipes, each with its source. */
export const methodsList = (recipes: Readonly<Record<string, Recipe>>): string =>
  [
    'Terms of a loss:',
    ...Object.entries(TERMS).flatMap(([name, { summary, source, options, alone }]) => [
      '',
      entry(name, summary),
      entry('', `${source}${alone ? '' : '; only beside another'}`),
      ...Object.entries(options).map(([option, spec]) =>
        entry('', `${option}=${optionRange(spec)}: ${spec.short} (default: ${spec.default})`),
      ),
    ]),
    '',
    'Heads:',
    ...Object.entries(HEADS).flatMap(([name, { summary, source }]) => [
      '',
      entry(name, summary),
      entry('', source),
    ]),
    '',
    'Poolings of tokens:',
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
    'Recipes:',
    ...Object.entries(recipes).flatMap(([name, { summary, source, options }]) => [
      '',
      entry(name, summary),
      entry('', source),
      entry('', optionsText(options)),
    ]),
    '',
  ].join('\n')

/** The options as they would be given. */
const optionsText = (options: Recipe['options']): string =>
  Object.entries(options)
    .flatMap(([name, values]) => [values].flat().map(value => `--${name} ${value}`))
    .join(' ')

const entry = (name: string, text: string): string => `  ${name.padEnd(18)}${text}`
