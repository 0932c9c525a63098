import t from 'tap'
import { RECIPES } from '../../lib/cli/options/train-recipes.js'
import { train } from '../../lib/cli/options/pcm-train.js'
import { parseArguments } from '../../lib/cli/parse.js'
import { TERMS } from '../../lib/coordinate/losses/index.js'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { methodsLines, methodsList } from '../../lib/coordinate/methods-list.js'

interface Listed {
  kind: string
  name: string
  source: string
  arguments: string[]
  tokens: boolean
  teacher: boolean
}

const lines = methodsLines(RECIPES)
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Listed)

t.test('programs are told of the same methods as people', t => {
  const told = [...methodsList(RECIPES).matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name)
  t.same(
    lines.map(({ name }) => name),
    told,
  )
  t.ok(lines.every(({ source }) => source.length > 0))
  t.end()
})

t.test('what has to be there for a term is said to people as to programs', t => {
  const list = methodsList(RECIPES)
  for (const { kind, name, tokens, teacher } of lines) {
    if (kind !== 'loss' && kind !== 'term') continue
    const [, text = ''] = new RegExp(`^  ${name} ((?:.|\n {20})*)`, 'm').exec(list) ?? []
    t.equal(text.includes('only beside another, by --term'), kind === 'term', name)
    t.equal(text.includes('features have to be tokens'), tokens, name)
    t.equal(text.includes('needs --teacher MODEL or --init MODEL'), teacher, name)
    t.equal(text.includes('see --momentum and --queue'), TERMS[name]!.memory === true, name)
  }
  t.end()
})

t.test('every method is asked for by the arguments that it comes with', t => {
  for (const { kind, name, arguments: argv } of lines) {
    const { args } = parseArguments(train, argv)
    const [, value] = argv
    t.equal(value, name, `${kind} ${name}`)
    if (kind === 'loss') t.equal(parseLoss(args.loss).name, name)
    if (kind === 'term') t.equal(parseAdded(args.term[0]!).name, name)
  }
  t.same(
    lines.filter(({ kind }) => kind === 'term').map(({ name }) => TERMS[name]!.alone),
    lines.filter(({ kind }) => kind === 'term').map(() => false),
  )
  t.end()
})
