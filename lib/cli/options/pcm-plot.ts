import { program } from '../program.js'
import { common } from './common.js'

const what = 'What to draw'
const map = 'Maps of embeddings'

export const plot = program({
  name: 'pcm-plot',
  summary: 'draw embeddings and retrieval metrics',
  description: `Reads embeddings, or metrics that pcm-eval wrote as JSON Lines or as a stream, and draws them: an SVG or PNG picture, or the same as a Vega-Lite specification, CSV or a stream.

The suffix of --output says which: .svg, .png, .json (Vega-Lite), .csv, .arrows, .html (a report). Letters in a PNG come with the program, so no font need be installed; equal input, options and seed give equal bytes with --no-pg.`,
  input: {
    argument: 'INPUT',
    short: 'embeddings, or metrics, one or more; - is standard input',
    many: true,
  },
  options: {
    chart: {
      type: 'string',
      argument: 'KIND',
      choices: ['map', 'directions', 'matrix', 'subsets'],
      otherwise: 'map for embeddings, directions for metrics',
      group: what,
      short: 'the kind of figure',
      long: `map: embeddings in the plane, by modality and class. directions: a metric of every direction, with its 95 % interval and what chance gives, where the metrics say so; several inputs stand beside each other. matrix: a metric of every modality against every other. subsets: the mean over ordered pairs by the number of modalities that were trained together, one input a model; inputs in one folder are one system, named after it.`,
    },
    metric: {
      type: 'string',
      argument: 'NAME',
      default: 'r@1',
      group: what,
      short: 'the metric, as pcm-eval calls it',
    },
    title: { type: 'string', argument: 'TEXT', group: what, short: 'title of the figure' },
    size: {
      type: 'integer',
      argument: 'PX',
      default: 360,
      min: 100,
      max: 4000,
      group: what,
      short: 'width of the frame, or of each of several, without axes and legends',
    },
    method: {
      type: 'string',
      argument: 'NAME[,NAME]...',
      list: 'comma',
      choices: ['pca', 'tsne', 'umap'],
      default: ['pca'],
      group: map,
      short: 'how to get to two dimensions; a panel for each',
      long: `pca: principal components, a plain linear projection; its distances mean something. tsne: exact t-SNE, started from the principal components (Kobak and Berens 2019), learning rate points/48 but at least 50, 1000 iterations. umap: UMAP on exact neighbours. The last two keep neighbours together; how far apart clusters lie, and how large they are, says little.`,
    },
    color: {
      type: 'string',
      argument: 'COLUMN',
      otherwise: 'label, where there is such a column, else modality',
      group: map,
      short: 'the column that colours tell apart, or modality',
      long: `The nine commonest values have a colour each; all others are grey together. Shapes tell modalities apart.`,
    },
    modality: {
      type: 'string',
      argument: 'NAME',
      list: 'repeat',
      otherwise: 'all',
      group: map,
      short: 'draw these embeddings only',
    },
    points: {
      type: 'integer',
      argument: 'N',
      default: 1500,
      min: 10,
      max: 10000,
      group: map,
      short: 'draw a sample where there are more embeddings than this',
      long: `Whole items are drawn at random, by --seed, with all their modalities and views. Time and memory of tsne grow with the square of this: 1500 take some ten seconds.`,
    },
    perplexity: {
      type: 'number',
      argument: 'N',
      default: 30,
      min: 1,
      max: 1000,
      group: map,
      short: 'tsne: how many neighbours a point has, in effect',
    },
    neighbors: {
      type: 'integer',
      argument: 'N',
      default: 15,
      min: 2,
      max: 1000,
      group: map,
      short: 'umap: how many neighbours a point has',
    },
    format: {
      type: 'string',
      argument: 'FORMAT',
      choices: ['svg', 'png', 'vega-lite', 'csv', 'arrow', 'html'],
      otherwise: 'by the suffix of --output, else svg',
      group: 'Output',
      short: 'form of the figure',
      long: `vega-lite is JSON with the data inside, for editors of Vega and for notebooks. csv is the table behind the figure. arrow, of a map, is a stream with a row a point and a column of two numbers a method. html, of metrics, is the report that pcm-eval --report writes, with all inputs side by side.`,
    },
    scale: {
      type: 'number',
      argument: 'N',
      default: 2,
      min: 0.1,
      max: 10,
      group: 'Output',
      short: 'png: pixels for one unit of the figure',
    },
    ...common,
  },
  sections: [
    {
      title: 'Chance',
      text: `Of r@k the figures show what a blind guess scores: 1 - C(pool - n, k) / C(pool, k), with n relevant entries a query; only where all queries have as many.`,
    },
  ],
  examples: [
    {
      text: 'The embeddings of the test split by modality and class, projected in three ways',
      command: `pcm-plot embeddings.arrows --method pca,tsne,umap --points 300 -o map.png`,
    },
    {
      text: 'r@1 of every direction with 95 % intervals',
      command: `pcm-eval embeddings.arrows --bootstrap 200 --format json | pcm-plot > r1.svg`,
    },
    {
      text: 'Two systems side by side in a report',
      command: `pcm-eval embeddings.arrows --format arrow > cosine.arrows
pcm-eval embeddings.arrows --correction csls --transductive --format arrow > csls.arrows
pcm-plot cosine.arrows csls.arrows -o report.html`,
    },
  ],
  seeAlso: ['pcm-eval(1)', 'pcm-embed(1)', 'pcm-info(1)', 'pcm(7)'],
})
