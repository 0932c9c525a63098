import { program } from '../program.js'
import { common } from './common.js'

const classes = 'Classes'
const what = 'What to measure'
const unseen = 'Unseen classes'
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
      long: `A category gives one prototype for each class that occurs; any other modality gives the unit mean over the rows of a class, by the labels (of the very rows that are classified, where the input itself is meant: the protocol then says transductive). A mixture is the sum of the prototypes of its modalities, each times its weight (1 where none is given), scaled to norm 1; a class that lacks some is made of those it has. Without --classes they come from the input, which is read twice; when it comes through a pipe it is kept in memory meanwhile.`,
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
    separator: {
      type: 'string',
      argument: 'TEXT',
      group: classes,
      short: 'a row has several classes, with this between them in the label column',
      long: `A column of lists of texts (from Arrow or Parquet) needs none. topK is then the share of rows with any right class among the first K, and map takes the place of the mean per class: the mean over classes of the average precision of the items, ranked by their score for the class. Rows with an empty label belong to no class and count for map only. Scores of all rows are kept.`,
    },
    modality: {
      type: 'string',
      alias: 'm',
      argument: 'NAME[,NAME]...',
      list: 'comma',
      otherwise: 'all but the class modality',
      group: what,
      short: 'modalities to classify',
    },
    k: {
      type: 'integer',
      argument: 'N[,N]...',
      list: 'comma',
      default: [1, 5],
      min: 1,
      max: 100000,
      group: what,
      short: 'which topK to measure',
    },
    'per-class': {
      type: 'boolean',
      default: false,
      group: what,
      short: 'add a record for each class: its items, its accuracy, how often it was the answer',
    },
    temperature: {
      type: 'number',
      argument: 'T',
      min: 0.000001,
      max: 1000000,
      group: what,
      short: 'add the calibration error of the softmax of score / T',
      long: `Adds ece and mce, in percent: the mean over items, and the largest, of the difference between the accuracy of a bin and its confidence, which is the largest softmax over all classes. T is 1 divided by the scale of the logits: 0.01 for CLIP.`,
    },
    bins: {
      type: 'integer',
      argument: 'N',
      default: 15,
      min: 1,
      max: 10000,
      group: what,
      short: 'bins of confidence, of equal width, closed on the right',
    },
    bootstrap: {
      type: 'integer',
      argument: 'N',
      min: 100,
      max: 1000000,
      group: what,
      short: 'add 95 % intervals from N resamples',
      long: `Adds the key ci. What is drawn, with replacement, are items by id, with all their rows; the interval is between percentiles, and the draws follow from --seed. What became of each row is kept.`,
    },
    'fail-under': {
      type: 'string',
      argument: 'MODALITY:METRIC=NUMBER',
      list: 'repeat',
      group: what,
      short: 'end with status 1 where a metric is less than this',
      long: `For makefiles: photo:top1=80. The metrics are written all the same, and one line on standard error says what is missed.`,
    },
    unseen: {
      type: 'string',
      argument: '@FILE|COLUMN=VALUE[,VALUE]...|NAME[,NAME]...',
      group: unseen,
      short: 'the classes that training had none of',
      long: `A file with a name a line, a selection by a column of the stream that the prototypes come from, or names. Adds acc_seen and acc_unseen, the means over the classes present of each side, with all classes to choose from; h, their harmonic mean, 0 where both are; and ausuc, from 0 to 1, the area under seen against unseen accuracy over all gamma. What became of each row is kept.`,
    },
    gamma: {
      type: 'number',
      argument: 'G',
      min: -2,
      max: 2,
      otherwise: '0',
      group: unseen,
      short: 'calibrated stacking: what is subtracted from scores of seen classes',
    },
    tune: {
      type: 'string',
      argument: 'FILE',
      group: unseen,
      short: 'choose gamma on these embeddings, for the largest h',
      long: `Rows of a validation split: one that holds a row which is evaluated, by its id, is refused. Needs --tune-unseen. Every modality has a gamma of its own.`,
    },
    'tune-unseen': {
      type: 'string',
      argument: '@FILE|COLUMN=VALUE[,VALUE]...|NAME[,NAME]...',
      group: unseen,
      short: 'the classes that training had none of and that gamma is chosen on',
      long: `None of --unseen, which take no part in the choice. They in turn take no part in the evaluation: neither as answers, nor as rows.`,
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
      short: 'write what was taken for what',
      long: `Of a row with several classes each counts.`,
    },
    'confusion-form': {
      type: 'string',
      argument: 'FORM',
      choices: ['list', 'matrix', 'json'],
      default: 'list',
      group: output,
      short: 'form of the confusion',
      long: `list: CSV with modality, label, predicted, count; no line for what did not happen. json: the same as JSON Lines. matrix: CSV with a line for each modality and label, and a column for each class.`,
    },
    reliability: {
      type: 'string',
      argument: 'FILE',
      group: output,
      short: 'write confidence and accuracy of every bin as CSV',
      long: `Columns modality, low, high, items, confidence, accuracy. Needs --temperature.`,
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
      text: `topK is the share of items whose class is among the first K. Ties are pessimistic: the true class counts as behind every other with the same score, so prototypes that are all alike get nothing right. Predictions name the first of level classes, in the order of the prototypes. So with ties the confusion can hold more right answers than top1. The mean per class is over the classes that occur among the items.`,
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
