import { program } from '../program.js'
import { common } from './common.js'
import { onError } from './on-error.js'

export const rerank = program({
  name: 'pcm-rerank',
  summary: 'search by embeddings, and order what is found token by token',
  description: `Reads a stream of features and a model that pcm-train made on tokens (with the term itm, or see --score late), and writes a stream of ranks: where what is relevant to every query stands. The first of the gallery by cosine are compared with the query once more, token by token, by the fusion encoder of the pair or by late interaction; the rest keep their order behind them. pcm-eval measures the ranks as it measures embeddings.`,
  input: { argument: 'FEATURES', short: 'a stream of features; - is standard input' },
  options: {
    model: {
      type: 'string',
      argument: 'FILE',
      required: true,
      group: 'Ranking',
      short: 'the model that pcm-train wrote',
    },
    top: {
      type: 'integer',
      argument: 'K',
      default: 128,
      min: 1,
      group: 'Ranking',
      short: 'how many of the first are compared again',
      long: 'The cost grows with queries times K.',
    },
    score: {
      type: 'string',
      argument: 'SCORE',
      choices: ['ratio', 'match', 'late'],
      default: 'ratio',
      group: 'Ranking',
      short: 'what orders them: ratio, match or late',
      long: 'match is the logit of belonging together alone, as in ALBEF and TCL. ratio adds to the logit of the search how much more the encoder holds the two to belong together than not: since it has learned to tell partners from what the search confuses, the sum is what both know together. late is the mean over the tokens of the query of their best cosine with a token of the entry, as in FILIP; it needs no fusion encoder, but heads that see tokens (--term filip, or a --pooling).',
    },
    direction: {
      type: 'string',
      argument: 'QUERY>GALLERY',
      list: 'repeat',
      otherwise: 'both of every pair that the model can compare',
      group: 'Ranking',
      short: 'what is searched by what; quote it',
    },
    positives: {
      type: 'string',
      argument: 'COLUMN',
      default: 'id',
      group: 'Ranking',
      short: 'entries with an equal value in this column are relevant',
    },
    ...onError,
    ...common,
  },
  examples: [
    {
      text: 'Train with a matching term, and see what its second look is worth',
      command: `pcm-train features.arrows --pair photo+caption --term itm,width=16,blocks=1 \\
  --epochs 2 -o fused.arrows
pcm-rerank features.arrows --where split=test --model fused.arrows \\
  --top 20 | pcm-eval`,
    },
  ],
  seeAlso: ['pcm-train(1)', 'pcm-eval(1)', 'pcm-methods(7)', 'pcm(7)'],
})
