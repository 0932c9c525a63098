import { program } from '../program.js'
import { common } from './common.js'

const classes = 'Classes'
const output = 'Output'

export const zeroshot = program({
  name: 'pcm-zeroshot',
  summary: 'classify embeddings by the nearest prototype',
  description: `Reads a stream of embeddings and assigns each item the class of the nearest prototype, for every modality: top1, top5 and the mean over classes, in percent. An item with several views counts once, by their unit mean.

Prototypes come from a stream of their own (--classes) or from a modality of the input (--class-modality). Predictions are exact: they do not depend on the engine.`,
  input: { argument: 'EMBEDDINGS', short: 'a stream of embeddings; - is standard input' },
  options: {
    classes: {
      type: 'string',
      argument: 'FILE',
      group: classes,
      short: 'a stream of prototypes: id is the class name',
      long: `Rows with equal ids are averaged: so several prompts, or several labelled items, make one prototype. Where the stream holds several modalities, --class-modality names the one to take.`,
    },
    'class-modality': {
      type: 'string',
      argument: 'NAME',
      group: classes,
      short: 'take the prototypes from this modality of the input',
      long: `A category gives one prototype for each class that occurs; any other modality gives the unit mean over the items with one label. The input is read twice; when it comes through a pipe it is kept in memory meanwhile.`,
    },
    label: {
      type: 'string',
      argument: 'COLUMN',
      otherwise: 'label where there is such a column, else the class modality itself',
      group: classes,
      short: 'column with the true class',
      long: `Compared with the names of the classes as text. Rows whose label is the name of no class are counted, not scored, and the exit status is 1.`,
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
    predictions: {
      type: 'boolean',
      default: false,
      group: output,
      short: 'write the predictions as a stream; metrics then go to --log',
      long: `All columns that are no embeddings pass through. NAME.class and NAME.score hold the nearest class of modality NAME and its cosine, NAME.class.2 and NAME.score.2 the next, and so on; null where an item lacks the modality.`,
    },
    top: {
      type: 'integer',
      argument: 'N',
      default: 5,
      min: 1,
      max: 1000,
      group: output,
      short: 'how many classes the predictions name',
    },
    confusion: {
      type: 'string',
      argument: 'FILE',
      group: output,
      short: 'write what was taken for what as CSV',
      long: `Columns modality, label, predicted, count; no line for what did not happen.`,
    },
    format: {
      type: 'string',
      argument: 'FORMAT',
      choices: ['table', 'json', 'csv', 'arrow'],
      default: 'table',
      group: output,
      short: 'form of the metrics',
    },
    ...common,
  },
  sections: [
    {
      title: 'Protocol',
      text: `Ties are pessimistic: the true class counts as behind every other with the same score, so prototypes that are all alike get nothing right. Predictions name the first of level classes, in the order of the prototypes. The mean per class is over the classes that occur among the items.`,
    },
  ],
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
    {
      text: 'Photos told apart by prototypes from the training rows',
      command: `pcm-embed features.arrows --model model.arrows --where split=train -o train.arrows
pcm-zeroshot embeddings.arrows --classes train.arrows --class-modality class --modality photo`,
    },
  ],
  seeAlso: ['pcm-embed(1)', 'pcm-eval(1)', 'pcm(7)'],
})
