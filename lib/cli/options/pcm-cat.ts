import { program } from '../program.js'
import { common } from './common.js'

export const cat = program({
  name: 'pcm-cat',
  summary: 'append streams of one schema to one another',
  description: `Writes the rows of all streams in the order given. They must hold the same columns: names, types, dimensions, encoders and vocabularies are compared with the first before any row is read, and what differs is refused (65). The order of columns is that of the first.

Memory does not grow, neither with the rows nor with the number of streams. Rows with equal ids remain what they are: the same item.`,
  input: {
    argument: 'STREAM',
    short: 'a stream, one or more; - is standard input',
    many: true,
  },
  options: common,
  examples: [
    {
      text: 'The shards of an extraction put together',
      command: `pcm-extract fixtures/world/items.csv -m class=category:class -c split=split \\
  --where split=train -o one.arrows
pcm-extract fixtures/world/items.csv -m class=category:class -c split=split \\
  --where split=test -o two.arrows
pcm-cat one.arrows two.arrows > classes.arrows`,
    },
  ],
  seeAlso: ['pcm-join(1)', 'pcm-info(1)', 'pcm-extract(1)', 'pcm(7)'],
})
