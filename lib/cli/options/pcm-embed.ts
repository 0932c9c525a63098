import { program } from '../program.js'
import { common } from './common.js'
import { onError } from './on-error.js'

export const embed = program({
  name: 'pcm-embed',
  summary: 'map features into the shared space of a model',
  description: `Reads a stream of features and writes a stream of embeddings: a unit vector for every modality that the model has a head for. All other columns pass through untouched. Memory does not grow with the number of rows.`,
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
  ],
  seeAlso: ['pcm-train(1)', 'pcm-eval(1)', 'pcm-zeroshot(1)', 'pcm(7)'],
})
