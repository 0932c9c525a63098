import { program } from '../program.js'
import { common } from './common.js'

export const evaluate = program({
  name: 'pcm-eval',
  summary: 'measure retrieval between modalities',
  description: `Reads a stream of embeddings, ranks the gallery for every query exactly, and prints one record per direction: shares in percent, ranks from 1.`,
  input: { argument: 'EMBEDDINGS', short: 'a stream of embeddings; - is standard input' },
  options: {
    direction: {
      type: 'string',
      argument: 'A>B',
      list: 'repeat',
      otherwise: 'all ordered pairs',
      group: 'What to measure',
      short: 'queries of A against the gallery B',
    },
    query: {
      type: 'string',
      argument: 'COLUMN=VALUE[,VALUE]...',
      group: 'What to measure',
      short: 'rows that are queries',
    },
    gallery: {
      type: 'string',
      argument: 'COLUMN=VALUE[,VALUE]...',
      group: 'What to measure',
      short: 'rows that are in the gallery',
    },
    k: {
      type: 'integer',
      argument: 'N[,N]...',
      list: 'comma',
      default: [1, 5, 10],
      min: 1,
      group: 'What to measure',
      short: 'cut-offs of r@k',
    },
    positives: {
      type: 'string',
      argument: '[A+B:]COLUMN',
      list: 'repeat',
      group: 'What to measure',
      short: 'rows with equal values in this column are relevant',
    },
    ties: {
      type: 'string',
      argument: 'RULE',
      choices: ['pessimistic', 'optimistic', 'mean'],
      default: 'pessimistic',
      group: 'What to measure',
      short: 'rank of the right answer among equal scores',
    },
    format: {
      type: 'string',
      argument: 'FORMAT',
      choices: ['table', 'json', 'csv', 'arrow'],
      default: 'table',
      group: 'Output',
      short: 'form of the metrics',
    },
    ...common,
  },
  examples: [
    {
      text: 'Every modality retrieved from every other, as a table',
      command: `pcm-eval embeddings.arrows`,
    },
    {
      text: 'One direction from features to a number, without a file in between',
      command: `pcm-embed features.arrows --model model.arrows --where split=test |
  pcm-eval --direction 'photo>caption' --format json`,
    },
  ],
  seeAlso: ['pcm-embed(1)', 'pcm-zeroshot(1)', 'pcm(7)'],
})
