import { program } from '../program.js'
import { common } from './common.js'

export const join = program({
  name: 'pcm-join',
  summary: 'put the columns of several streams side by side by id',
  description: `Writes one row an item with the columns of all streams. Rows come in the order of the first stream; then those that it lacks, in the order of the others. What a stream lacks of an item is null.

A modality may be in one stream only. Any other column may be in several: then it must have one type in all, and for one item one value wherever it has any.

Rows that share an id within a stream keep apart: the first of them goes with the first of the others, the second with the second.`,
  input: {
    argument: 'STREAM',
    short: 'a stream, one or more; - is standard input',
    many: true,
  },
  options: {
    memory: {
      type: 'integer',
      argument: 'MB',
      default: 1024,
      min: 1,
      max: 1 << 20,
      group: 'Joining',
      short: 'megabytes of rows that may wait, for each stream but the first',
      long: 'Streams whose ids come in one order are read side by side, and hardly any row waits. Rows that come too early wait in memory, and all that follow them as long as an item of the first stream has not been found; when they take more than this, the join is refused (65). About half as much again is used to sort them out.',
    },
    ...common,
  },
  sections: [
    {
      title: 'Selection',
      text: `--where chooses among the joined rows, so its column may be in any of the streams.`,
    },
  ],
  examples: [
    {
      text: 'Pictures and sounds of the same things, extracted apart and in another order',
      command: `pcm-extract fixtures/world/items.csv -m photo=image:picture@hog,size=32 \\
  -c label=class -c split=split -o photos.arrows
tac fixtures/world/items.jsonl |
  pcm-extract -m caption=text:captions -o captions.arrows
pcm-join photos.arrows captions.arrows > both.arrows`,
    },
  ],
  seeAlso: ['pcm-cat(1)', 'pcm-info(1)', 'pcm-extract(1)', 'pcm(7)'],
})
