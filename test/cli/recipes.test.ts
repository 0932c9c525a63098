import t from 'tap'
import { train } from '../../lib/cli/options/pcm-train.js'
import { RECIPES } from '../../lib/cli/options/train-recipes.js'
import { parseArguments } from '../../lib/cli/parse.js'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import { POOLINGS } from '../../lib/coordinate/poolings/index.js'

const parse = (...argv: string[]) => parseArguments(train, argv).args

t.test('a recipe gives the options that the command line leaves out', async t => {
  t.match(parse('--recipe', 'aai'), {
    loss: 'itc',
    term: ['ims', 'lmim', '3*itm'],
    pooling: ['gpo'],
    momentum: 0.995,
    queue: 8192,
  })
  const own = parse('--recipe', 'aai', '--pooling', 'max', '--epochs', '3')
  t.match(own, { loss: 'itc', pooling: ['max'], epochs: 3, recipe: 'aai' })
  t.match(parse('--epochs', '3'), { loss: 'pcmc', term: [], pooling: [] }, 'and nothing unasked')
})

t.test('recipes are of options and terms that there are', async t => {
  t.same(Object.keys(RECIPES), train.options.recipe.choices)
  for (const [recipe, { options }] of Object.entries(RECIPES)) {
    const args = parse('--recipe', recipe)
    for (const [name, value] of Object.entries(options)) t.match(args, { [name]: value }, name)
    parseLoss(args.loss)
    args.term.forEach(parseAdded)
    args.pooling.forEach(name => t.ok(Object.hasOwn(POOLINGS, name), name))
  }
})
