import { program } from '../program.js'
import { common } from './common.js'

export const info = program({
  name: 'pcm-info',
  summary: 'say what a stream holds',
  description: `Reads a stream to its end and prints what it holds: rows; for every modality its kind, layout, dimension, missing rows, vectors and their norms; for every other column its type, missing values and what it ranges over; the programs that made it. Any stream will do, a model too.

Every digest is compared on the way. A stream that is damaged or cut short is described as far as it could be read, and the exit status is 65.`,
  input: { argument: 'STREAM', short: 'a stream; - is standard input' },
  options: {
    format: {
      type: 'string',
      argument: 'FORMAT',
      choices: ['table', 'json'],
      default: 'table',
      group: 'Output',
      short: 'form of the description',
      long: `table is for people. json is one object on one line: stream, content, rows, sound (and problem where it is not), columns, metadata, provenance.`,
    },
    cka: {
      type: 'boolean',
      default: false,
      group: 'What to say',
      short: 'say how alike each two modalities see the items, by linear CKA',
      long: 'From 0 to 1, over the rows that have both, most alike first; an item with several views or tokens has their mean. Of several encoders for one modality, take the one whose features are most alike to those of the others: such pairs align best with heads on frozen features (freeze-align, Maniparambil et al. 2024). To compare, extract each under a name of its own, as in -m hog=image:photo@hog -m net=image:photo@onnx:net.onnx. Memory grows with the square of the dimensions, not with the rows.',
    },
    ...common,
  },
  sections: [
    {
      title: 'Columns',
      text: `missing counts rows without a value. vectors counts vectors, of which a row may have several (tokens, views) or, for a category, the rows that have one. Norms are Euclidean: smallest, mean, largest. Of a column with at most 12 different values these are counted; of other numbers the smallest and the largest are told. digest is the CRC-32 of the column as the stream's closing batch has it, the same however its rows are cut into batches; so equal digests mean equal columns. Digests are of the whole stream, everything else is of the rows that --where takes.`,
    },
  ],
  examples: [
    { text: 'What the features of an extraction are', command: `pcm-info features.arrows` },
    {
      text: 'Which of two descriptors of pictures goes better with their captions',
      command: `pcm-extract fixtures/world/items.csv -m coarse=image:picture@hog,cell=16 \\
  -m fine=image:picture@hog -m caption=text:caption_1 | pcm-info --cka`,
    },
    {
      text: 'The number of rows, for a script',
      command: `pcm-info --format json features.arrows | sed 's/.*"rows":\\([0-9]*\\).*/\\1/'`,
    },
  ],
  seeAlso: ['pcm-extract(1)', 'pcm-cat(1)', 'pcm-join(1)', 'pcm(7)'],
})
