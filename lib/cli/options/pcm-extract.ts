import { program } from '../program.js'
import { common } from './common.js'

export const extract = program({
  name: 'pcm-extract',
  summary: 'turn the items of a manifest into features',
  description: `Reads a manifest (CSV, TSV or JSON Lines, one item a row) and writes a stream of features: one column a modality, one row an item, in the order of the manifest.

A value that is missing is null. Paths in a manifest are relative to the manifest, or to the current directory when it comes through a pipe. When every modality is an array in a file, no manifest is read.`,
  input: {
    argument: 'MANIFEST',
    short: 'CSV, TSV or JSON Lines; - is standard input',
    optional: true,
  },
  options: {
    modality: {
      type: 'string',
      alias: 'm',
      argument: 'NAME=KIND:SOURCE[@ENCODER][,OPTION[=VALUE]]...',
      list: 'repeat',
      required: true,
      group: 'What to extract',
      short: 'a modality; KIND is image, audio, text, vector or category',
    },
    column: {
      type: 'string',
      alias: 'c',
      argument: 'NAME=SOURCE',
      list: 'repeat',
      group: 'What to extract',
      short: 'any other column to carry along (label, split, ...)',
    },
    id: {
      type: 'string',
      argument: 'COLUMN',
      otherwise: 'id where there is such a column, else row numbers from 0',
      group: 'What to extract',
      short: 'manifest column that names the item',
    },
    split: {
      type: 'string',
      argument: 'NAME=PART[,NAME=PART]...',
      group: 'What to extract',
      short: 'add a split column: train=0.8,test=0.2 or train=0:100,test=100: or train=@ids.txt',
    },
    ...common,
  },
  examples: [
    {
      text: 'Features of 600 things seen through five modalities, with the split that the manifest gives',
      command: `pcm-extract fixtures/world/items.csv \\
  -m photo=image:picture -m caption=text:caption_1..caption_5 \\
  -m sound=audio:sound -m attr=vector:'attr_*' -m class=category:class \\
  -c label=class -c split=split > features.arrows`,
    },
    {
      text: 'Two modalities of the same things from JSON Lines through a pipe, a fifth of them set apart',
      command: `cat fixtures/world/items.jsonl |
  pcm-extract -m caption=text:captions -m class=category:class \\
    --split train=0.8,test=0.2 --seed 1 -o small.arrows`,
    },
  ],
  seeAlso: ['pcm-train(1)', 'pcm-embed(1)', 'pcm(7)'],
})
