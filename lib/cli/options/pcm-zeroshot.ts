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
      long: `Rows with equal ids are averaged: so several prompts, or several labelled items, make one prototype. Views are averaged, too, each at norm 1: so are prompts. Where the stream holds several modalities, --class-modality names what to take. Prototypes that another model embedded are refused.`,
    },
    'class-modality': {
      type: 'string',
      argument: 'A[:WEIGHT][+B[:WEIGHT]]...',
      group: classes,
      short: 'take the prototypes from this modality, or from a mixture',
      long: `A category gives one prototype for each class that occurs; any other modality gives the unit mean over the rows of a class. A mixture is the sum of the prototypes of its modalities, each times its weight (1 where none is given), scaled to norm 1; a class that lacks some is made of those it has. Without --classes they come from the input, which is read twice; when it comes through a pipe it is kept in memory meanwhile.`,
    },
    shots: {
      type: 'integer',
      argument: 'N',
      min: 1,
      max: 1000000,
      group: classes,
      short: 'make each prototype of N rows, drawn by --seed',
      long: `Of the rows with a class and a vector, those whose ids have the lowest hash: the same ones in whatever order they come. A class that has fewer is made of those, and counted.`,
    },
    prototypes: {
      type: 'boolean',
      default: false,
      group: classes,
      short: 'write the prototypes of the input as a stream, and classify nothing',
      long: `One row a class: id is its name, NAME.rows how many rows made it. Classes are told by --label, else by the column label, by a category, or by the id. pcm-join brings prototypes of several modalities together, --classes reads them back.`,
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
    {
      text: 'Prototypes from prompts: the names of the classes in templates, averaged',
      command: `printf 'id\\nmoon\\nsun\\nreed\\n' > names.csv
printf 'a {}\\nhere we see a large {}\\n' > templates.txt
pcm-extract names.csv -m caption=text:id,templates=templates.txt |
  pcm-embed --model model.arrows | pcm-zeroshot --prototypes -o prompts.arrows`,
    },
    {
      text: 'From five photos a class of the training rows, mixed with the names of the classes',
      command: `pcm-embed features.arrows --model model.arrows --where split=train |
  pcm-zeroshot --prototypes --label label --class-modality photo:0.5+class --shots 5 > few.arrows
pcm-zeroshot embeddings.arrows --classes few.arrows --modality photo`,
    },
  ],
  seeAlso: ['pcm-embed(1)', 'pcm-eval(1)', 'pcm(7)'],
})
