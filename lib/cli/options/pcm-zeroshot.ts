import { program } from '../program.js'
import { common } from './common.js'

export const zeroshot = program({
  name: 'pcm-zeroshot',
  summary: 'classify embeddings by the nearest prototype',
  description: `Reads a stream of embeddings and assigns each vector the class of the nearest prototype. Prints top-1, top-5 and the mean per class, for every modality.`,
  input: { argument: 'EMBEDDINGS', short: 'a stream of embeddings; - is standard input' },
  options: {
    classes: {
      type: 'string',
      argument: 'FILE',
      group: 'Classes',
      short: 'a stream of prototypes: id is the class name',
    },
    'class-modality': {
      type: 'string',
      argument: 'NAME',
      group: 'Classes',
      short: 'take the prototypes from this category of the input',
    },
    label: {
      type: 'string',
      argument: 'COLUMN',
      default: 'label',
      group: 'Classes',
      short: 'column with the true class',
    },
    modality: {
      type: 'string',
      alias: 'm',
      argument: 'NAME[,NAME]...',
      list: 'comma',
      otherwise: 'all but the class modality',
      group: 'What to measure',
      short: 'modalities to classify',
    },
    confusion: {
      type: 'string',
      argument: 'FILE',
      group: 'Output',
      short: 'write the confusion counts as CSV',
    },
    predictions: {
      type: 'boolean',
      default: false,
      group: 'Output',
      short: 'write the predictions as a stream; metrics then go to --log',
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
      text: 'Things told apart by the names of their classes',
      command: `pcm-zeroshot embeddings.arrows --class-modality class`,
    },
    {
      text: 'The prediction for each row as a stream, the metrics in a file',
      command: `pcm-zeroshot embeddings.arrows --class-modality class --predictions \\
  --log zeroshot.jsonl > predictions.arrows`,
    },
  ],
  seeAlso: ['pcm-embed(1)', 'pcm-eval(1)', 'pcm(7)'],
})
