import type { Random } from '../../../fixtures/maker/random.js'
import type { OptionSpec, ProgramSpec } from '../../../lib/cli/program.js'
import { index } from '../fuzz/mutate.js'
import { isFlag, valueOf } from './values.js'

/** They print something and stop, or are given to every run. */
const LEFT_OUT = ['help', 'version', 'completion', 'config', 'output']

/** What each program reads of the small world; a new one is given all of it. */
const INPUTS: Record<string, readonly string[]> = {
  'pcm-extract': ['items.csv'],
  'pcm-train': ['features.arrows'],
  'pcm-embed': ['features.arrows'],
  'pcm-rerank': ['features.arrows'],
  'pcm-eval': ['embeddings.arrows'],
  'pcm-zeroshot': ['embeddings.arrows'],
  'pcm-info': ['features.arrows', 'model.arrows'],
  'pcm-cat': ['features.arrows'],
  'pcm-join': ['features.arrows'],
  'pcm-plot': ['embeddings.arrows', 'metrics.jsonl'],
}
const ALL = ['features.arrows', 'embeddings.arrows', 'items.csv', 'a.npy', 'model.arrows'] as const

const OUTPUTS = ['out', 'out.arrows', 'out.svg', 'out.csv', 'out.npy', 'out.json'] as const

/** A command line of options that the program has, each with a value that its table allows. */
export const commandLine = (spec: ProgramSpec, draw: Random): string[] => {
  const pool = INPUTS[spec.name] ?? ALL
  const inputs = Array.from(
    { length: spec.input.many ? 1 + index(3, draw) : 1 },
    () => pool[index(pool.length, draw)]!,
  )
  const names = Object.keys(spec.options).filter(name => !LEFT_OUT.includes(name))
  const chance = 4 / names.length
  const words = names.flatMap(name => {
    const option = spec.options[name]!
    const required = 'required' in option && option.required
    return required || draw.chance(chance) ? wordsOf(spec.name, name, option, draw) : []
  })
  return [...words, '-o', OUTPUTS[index(OUTPUTS.length, draw)]!, '--', ...inputs]
}

const wordsOf = (program: string, name: string, option: OptionSpec, draw: Random): string[] => {
  if (isFlag(option)) {
    const negated = option.type === 'boolean' && option.default !== false && draw.chance(0.5)
    return [negated ? `--no-${name}` : `--${name}`]
  }
  if (option.type === 'boolean' || option.type === 'count') return []
  const times = option.list ? 1 + index(2, draw) : 1
  return Array.from({ length: times }, () => `--${name}=${valueOf(program, name, option, draw)}`)
}
