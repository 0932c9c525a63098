import t from 'tap'
import { rerank } from '../../lib/cli/options/pcm-rerank.js'
import { train } from '../../lib/cli/options/pcm-train.js'
import { RECIPES } from '../../lib/cli/options/train-recipes.js'
import { parseArguments } from '../../lib/cli/parse.js'
import { parseAdded, parseLoss } from '../../lib/coordinate/losses/parse-term.js'
import type { WeightedTerm } from '../../lib/coordinate/losses/term.js'

const termsOf = ({ loss, term }: { loss: string; term: readonly string[] }): WeightedTerm[] => [
  parseLoss(loss),
  ...term.map(parseAdded),
]

t.test('aai sets everything as METHODS 2 has it', t => {
  const { args } = parseArguments(train, ['--recipe', 'aai'])
  // Each of the first three is a mean of two of the six whose mean METHODS weighs like itm.
  t.same(termsOf(args), [
    { name: 'itc', weight: 1, values: { alpha: 0.4 } },
    { name: 'ims', weight: 1, values: { noise: 0.05, features: 0, tokens: 0.2 } },
    { name: 'lmim', weight: 1, values: { form: 'nce' } },
    { name: 'itm', weight: 3, values: { width: 256, blocks: 2, heads: 4, dropout: 0.1 } },
  ])
  t.same(args.pooling, ['gpo'])
  t.equal(args.momentum, 0.995)
  t.equal(args.queue, 8192)
  t.equal(args.temperature, 'shared')
  t.equal(args.initialTemperature, 0.07)
  t.equal(parseArguments(rerank, ['--model', 'm']).args.top, 128)
  t.end()
})

t.test('what the command line names itself comes first', t => {
  const { args } = parseArguments(train, ['--recipe', 'aai', '--pooling', 'mean', '--queue', '0'])
  t.same([args.pooling, args.queue, args.loss], [['mean'], 0, 'itc'])
  t.end()
})

t.test('every recipe is made of terms that there are', t => {
  for (const name of Object.keys(RECIPES)) {
    const { args } = parseArguments(train, ['--recipe', name])
    t.ok(termsOf(args).length > 0, name)
  }
  t.end()
})
