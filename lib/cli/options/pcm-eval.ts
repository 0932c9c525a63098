import { program } from '../program.js'
import { common } from './common.js'

const what = 'What to measure'

export const evaluate = program({
  name: 'pcm-eval',
  summary: 'measure retrieval between modalities',
  description: `Reads a stream of embeddings, ranks the gallery for every query, and prints one record per direction, then their mean: r@k in percent, median and mean rank from 1, mean reciprocal rank and mean average precision from 0 to 1.

Ranks are exact: they equal those of a plain loop over all scores in 64-bit floating-point numbers, whatever engine multiplies. Memory grows with the number of rows, not with its square.`,
  input: { argument: 'EMBEDDINGS', short: 'a stream of embeddings; - is standard input' },
  options: {
    direction: {
      type: 'string',
      argument: 'A>B',
      list: 'repeat',
      otherwise: 'all ordered pairs',
      group: what,
      short: 'queries of A against the gallery B',
      long: `Quote it: > means something to a shell. A side may combine modalities, with weights: 'photo+caption:0.5>voice'. It is then the sum of the item's unit vectors (of their unit mean, where there are views), scaled to norm 1; an item that lacks some of them is combined from those it has, and the record says how many were complete. A modality on both sides would put the answer into the question and is refused; but A>A looks for other entries of A, and leaves the item itself out.`,
    },
    query: {
      type: 'string',
      argument: 'COLUMN=VALUE[,VALUE]...',
      group: what,
      short: 'rows that are queries',
    },
    gallery: {
      type: 'string',
      argument: 'COLUMN=VALUE[,VALUE]...',
      group: what,
      short: 'rows that are in the gallery',
    },
    k: {
      type: 'integer',
      argument: 'N[,N]...',
      list: 'comma',
      default: [1, 5, 10],
      min: 1,
      group: what,
      short: 'cut-offs of r@k',
      long: `r@k is the share of queries that have at least one relevant entry among the first k (any hit). Where k is more than the gallery holds it is 100, and the record says so.`,
    },
    metrics: {
      type: 'string',
      argument: 'NAME[,NAME]...',
      list: 'comma',
      choices: [
        'r@k',
        'recall@k',
        'p@k',
        'map@k',
        'ndcg@k',
        'medr',
        'meanr',
        'mrr',
        'map',
        'rprec',
        'minp',
        'rsum',
      ],
      default: ['r@k', 'medr', 'meanr', 'mrr', 'map'],
      group: what,
      short: 'the metrics, written like this: @k means every cut-off of --k',
      long: `In percent: r@k, the share of queries with any relevant entry among the first k; recall@k, the share of a query's relevant entries that are among the first k; p@k, relevant among the first k divided by k; rprec, relevant among the first R divided by R, the number of relevant entries. From 0 to 1: mrr; map; map@k, divided by the smaller of k and the number of relevant entries; ndcg@k, with a gain of 1 and a discount of log2(position + 1); minp, the number of relevant entries divided by the position of the last one. From 1: medr and meanr, of the best relevant entry. rsum adds a record per pair of modalities: r@1 + r@5 + r@10 of both directions, at most 600, and a sixth of it, r_mean.`,
    },
    by: {
      type: 'string',
      argument: 'COLUMN',
      list: 'repeat',
      group: what,
      short: 'measure the queries of every value of this column apart, too',
      long: `Adds a record per direction and value, with the keys by and value; the gallery stays whole, and so does the mean.`,
    },
    positives: {
      type: 'string',
      argument: '[A+B:]COLUMN',
      list: 'repeat',
      otherwise: 'equal category against a category, else equal id',
      group: what,
      short: 'rows with equal values in this column are relevant',
      long: `A rule for a pair goes before a rule for all. Rows without a value are relevant to nothing.`,
    },
    label: {
      type: 'string',
      argument: 'COLUMN',
      group: what,
      short: 'add map_label: mean average precision by this column',
      long: `Equal values in the column are relevant. With many relevant entries a query, exact ranks of them all take time.`,
    },
    ties: {
      type: 'string',
      argument: 'RULE',
      choices: ['pessimistic', 'optimistic', 'mean'],
      default: 'pessimistic',
      group: what,
      short: 'rank of the right answer among equal scores',
      long: `pessimistic: behind the wrong ones, so that a model which scores everything alike gets nothing. The record counts the queries that the rule decides.`,
    },
    bootstrap: {
      type: 'integer',
      argument: 'N',
      min: 100,
      max: 1000000,
      group: 'How sure it is',
      short: 'add 95 % intervals from N resamples',
      long: `Adds the key ci. What is drawn, with replacement, are items with all their queries, since the captions of one picture are not independent; the interval is between percentiles, and the draws follow from --seed. A thousand is a good number.`,
    },
    against: {
      type: 'string',
      argument: 'FILE',
      group: 'How sure it is',
      short: 'compare with the embeddings of another system, query by query',
      long: `Adds the key against: for every metric that is a mean, how much more it is than with the other embeddings, the 95 % interval of that difference, and p, two-sided: how often as much comes of letting the two systems trade places by chance, item by item. Draws --bootstrap times, 1000 without it. Queries are the same where their ids are (in order, where an id has several); the gallery must have the same size.`,
    },
    'fail-under': {
      type: 'string',
      argument: 'DIRECTION:METRIC=NUMBER',
      list: 'repeat',
      group: 'How sure it is',
      short: 'end with status 1 where a metric is less than this',
      long: `For makefiles: 'photo>caption:r@1=40', or 'mean:r@1=40'. The metrics are written all the same, and one line on standard error says what is missed. Ranks (medr, meanr) are no gates, since there the smaller is the better.`,
    },
    format: {
      type: 'string',
      argument: 'FORMAT',
      choices: ['table', 'json', 'csv', 'arrow'],
      default: 'table',
      group: 'Output',
      short: 'form of the metrics',
      long: `table is for people. json is one object a line: keys never change their meaning, new ones may come. csv and arrow (a stream of metrics) have a column a key, the protocol as JSON.`,
    },
    ...common,
  },
  sections: [
    {
      title: 'Protocol',
      text: `Queries and gallery are entries: one a row, or one a view where an item has several. An entry that repeats the vector of another row with the same id counts once, and a class is one entry however many items it has, so pool can be less than the number of rows. Rows that lack a modality are neither queries nor in the gallery; queries without a relevant entry are left out and counted.

Average precision is over the whole ranking, divided by the number of relevant entries. The mean is over the ordered pairs of single modalities: no modality with itself, no combination.`,
    },
  ],
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
    {
      text: 'With intervals; a makefile stops where too little is found',
      command: `pcm-eval embeddings.arrows --bootstrap 1000 --fail-under 'mean:r@1=1'`,
    },
  ],
  seeAlso: ['pcm-embed(1)', 'pcm-zeroshot(1)', 'pcm(7)'],
})
