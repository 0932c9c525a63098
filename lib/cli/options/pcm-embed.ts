import { program } from '../program.js'
import { common } from './common.js'
import { onError } from './on-error.js'

export const embed = program({
  name: 'pcm-embed',
  summary: 'map features into the shared space of a model',
  description: `Reads a stream of features and writes a stream of embeddings: a unit vector for every modality that the model has a head for. All other columns pass through untouched. Memory does not grow with the number of rows.

Of several --threads on a processor one reads and writes while the others compute, unless the heads are so wide that computing takes longest: then all of them compute.`,
  input: { argument: 'FEATURES', short: 'a stream of features; - is standard input' },
  options: {
    model: {
      type: 'string',
      argument: 'FILE',
      required: true,
      group: 'Embedding',
      short: 'the model that pcm-train wrote',
    },
    enrich: {
      type: 'string',
      argument: 'NAME=A[:WEIGHT]+B[:WEIGHT]...',
      list: 'repeat',
      group: 'Embedding',
      short: 'add an embedding column combined from several modalities',
    },
    codes: {
      type: 'boolean',
      default: false,
      group: 'Embedding',
      short: 'write binary codes: of every number only its sign',
      long: 'For Hamming distance. All numbers of a code are 1 or -1 divided by the square root of --dim, so that the cosine of two codes of d bits is 1 - 2 h / d, where h is the number of bits in which they differ: pcm-eval ranks by Hamming distance then, with its many ties as --ties says, and --metrics map --positives COLUMN is the mean average precision of the literature on cross-modal hashing. The number of bits is --dim of pcm-train.',
    },
    perturb: {
      type: 'string',
      argument: '[NAME:]KIND=AMOUNT[,KIND=AMOUNT]...',
      list: 'repeat',
      group: 'Embedding',
      short: 'spoil the features first, to see what the embeddings endure',
      long: 'noise=S adds noise of S standard deviations to every number; features=P sets a share P of the numbers to their mean; tokens=P drops a share of the tokens of each sequence, but for the first; missing=P takes the modality from a share of the rows. With NAME: that modality only. All is drawn by --seed, row by row. pcm-eval --against the embeddings of the features as they are says what is lost.',
    },
    ...onError,
    ...common,
  },
  examples: [
    {
      text: 'Embeddings of the rows that training did not see',
      command: `pcm-embed features.arrows --model model.arrows \\
  --where split=test > embeddings.arrows`,
    },
    {
      text: 'The same, with a column that combines photo and caption',
      command: `pcm-embed features.arrows --model model.arrows --where split=test \\
  --enrich both=photo+caption > enriched.arrows`,
    },
    {
      text: 'Binary codes, and how well they find what is of the same class',
      command: `pcm-embed features.arrows --model model.arrows --where split=test --codes |
  pcm-eval --positives label --metrics map`,
    },
    {
      text: 'What noise in the photos costs, in points of r@1 and in percent',
      command: `pcm-embed features.arrows --model model.arrows --where split=test \\
  --perturb photo:noise=0.5 | pcm-eval --against embeddings.arrows --format json`,
    },
  ],
  seeAlso: ['pcm-train(1)', 'pcm-eval(1)', 'pcm-zeroshot(1)', 'pcm(7)'],
})
