/**
 * What a program is, as data: parsing, help, man page, completion and their tests are all made from
 * one `ProgramSpec`. Option names are kebab-case here, on the command line and in `--config` files;
 * the parsed values come in camelCase.
 */

interface Described {
  /** One letter, without the dash. */
  alias?: string
  /** One line for `-h`: lower-case start, no full stop. */
  short: string
  /** What `--help` and the man page add, as `Text`. */
  long?: string
  /** Heading it stands under. */
  group?: string
}

interface Valued extends Described {
  /** Placeholder of the value in help; `FILE` and `DIR` also tell completion what to offer. */
  argument?: string
  /** `repeat`: one value an occurrence. `comma`: an occurrence may also hold several, by commas. */
  list?: 'repeat' | 'comma'
  /** Refused (64) when neither the command line nor `--config` gives it. */
  required?: true
  /** What the default is, in words, where it is not a constant. */
  otherwise?: string
}

export interface StringOption extends Valued {
  type: 'string'
  choices?: readonly string[]
  /** Words that a value may begin with, where there are more values than can be listed. */
  offers?: readonly string[]
  default?: string | readonly string[]
}

/** `integer` refuses fractions; both refuse what is not a finite number in `min..max`. */
export interface NumberOption extends Valued {
  type: 'integer' | 'number'
  min?: number
  max?: number
  default?: number | readonly number[]
}

/** `--x`; with `default: true` the form in help is `--no-x`; without a default it is both. */
export interface BooleanOption extends Described {
  type: 'boolean'
  default?: boolean
}

/** How many times it was given. */
export interface CountOption extends Described {
  type: 'count'
}

export type OptionSpec = StringOption | NumberOption | BooleanOption | CountOption
export type OptionTable = Readonly<Record<string, OptionSpec>>

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name

type Element<Option> = Option extends { type: 'integer' | 'number' }
  ? number
  : Option extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string

type Value<Option> = Option extends { type: 'count' }
  ? number
  : Option extends { type: 'boolean' }
    ? Option extends { default: boolean }
      ? boolean
      : boolean | undefined
    : Option extends { list: string }
      ? Element<Option>[]
      : Option extends { default: unknown } | { required: true }
        ? Element<Option>
        : Element<Option> | undefined

/** The parsed values of a table: `OptionValues<typeof options>`. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table & string as Camel<Name>]: Value<Table[Name]>
}

/**
 * Prose. A blank line starts a paragraph, a line indented by two spaces is shown as it stands, and
 * other line ends are spaces. Options and program names need no mark-up.
 */
export type Text = string

export interface Example {
  /** What it does, one sentence without a full stop. */
  text: string
  /** Run by a test through `sh -e`, where `fixtures/` can be read and files can be written. */
  command: string
}

/** Option values that belong together, by long option names. */
export interface Recipe {
  /** One line: lower-case start, no full stop. */
  summary: string
  source: string
  about: Text
  options: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

/** Words by the option that they may begin a value of. */
export type Offers = Readonly<Record<string, readonly string[]>>

export interface ProgramSpec<Table extends OptionTable = OptionTable> {
  name: `pcm-${string}`
  /** One line: lower-case start, no full stop. */
  summary: string
  description: Text
  /** The positional argument, `-` (standard input) where it is left out. */
  input: {
    argument: string
    short: string
    /** There may be several: main finds them all in `inputs`. */
    many?: true
    /** Some command lines need no input; main refuses a terminal when it does want one. */
    optional?: true
  }
  options: Table
  /** Values that `--recipe NAME` gives to options that neither command line nor file names. */
  recipes?: Readonly<Record<string, Recipe>>
  /** Further sections of the man page and of `--help`. */
  sections?: readonly { title: string; text: Text }[]
  examples: readonly Example[]
  /** Words that values of an option may begin with, where a table elsewhere knows them. */
  offers?: () => Promise<Offers>
  /** Other man pages, `pcm-embed(1)`. */
  seeAlso: readonly string[]
}

/** Declares a program; `const` keeps the literal types of the table, so choices become unions. */
export const program = <const Table extends OptionTable>(
  spec: ProgramSpec<Table>,
): ProgramSpec<Table> => spec

/** Declares options that several programs share. */
export const options = <const Table extends OptionTable>(table: Table): Table => table

/** The arguments a program's main gets: `Arguments<typeof train>`. */
export type Arguments<Spec extends ProgramSpec> = {
  input: string
  /** All inputs, the first of which is `input`. */
  inputs: string[]
} & OptionValues<Spec['options']>

/** How the positional argument is shown: `[INPUT]`, or `[STREAM]...`. */
export const inputLabel = ({ input }: ProgramSpec): string =>
  `[${input.argument}]${input.many ? '...' : ''}`

/** `batch-size` -> `batchSize`. */
export const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
