import { program } from '../program.js'
import { common } from './common.js'

/** The formats that are read and written. */
const formats = [
  'stream',
  'arrow',
  'parquet',
  'npy',
  'npz',
  'safetensors',
  'csv',
  'tsv',
  'jsonl',
] as const

const group = 'Formats'

export const convert = program({
  name: 'pcm-convert',
  summary: 'turn streams into other formats, and back',
  description: `Reads rows in one format and writes them in another: features or embeddings for NumPy, FAISS, LanceDB, DuckDB or pandas, and what these have written as a stream for the other programs.

The format of the output is said by its ending, or by --to; that of the input is told by its first bytes. Values that a format cannot hold are refused (65), never left out; --modality and --column say what to write of a stream that holds more. What else it has no place for is told in one line: provenance and metadata in text, the ids in npy. Arrow, Parquet, npz and safetensors hold all there is, and come back as the stream that went in.

Rows are not all held at once, though memory grows somewhat with their number. Parquet is read page by page, whatever the size of its row groups; npz and safetensors begin with the size of every array, so their columns are gathered in temporary files first (in TMPDIR), as is a file of another format that comes through a pipe. What is written to Parquet has row groups of 64 MiB.

Lists of numbers in a Parquet or Arrow file of another program are vectors, which have one length; lists of such lists are views. Arrow through a pipe is always read as a stream.`,
  input: {
    argument: 'INPUT',
    short: 'a stream or a file in any of the formats; - is standard input',
  },
  options: {
    to: {
      type: 'string',
      argument: 'FORMAT',
      choices: formats,
      otherwise: 'by the ending of the output; stream on standard output',
      group,
      short: 'format to write',
    },
    from: {
      type: 'string',
      argument: 'FORMAT',
      choices: formats,
      otherwise: 'by the first bytes of the input, and its ending',
      group,
      short: 'format to read',
    },
    modality: {
      type: 'string',
      alias: 'm',
      argument: 'NAME',
      list: 'comma',
      group: 'What to write',
      short: 'only these modalities',
      long: 'With this or --column nothing else is written but the id. npy holds one column: the one that is named.',
    },
    column: {
      type: 'string',
      alias: 'c',
      argument: 'NAME',
      list: 'comma',
      group: 'What to write',
      short: 'only these other columns',
    },
    missing: {
      type: 'string',
      argument: 'WHAT',
      choices: ['keep', 'drop', 'nan'],
      default: 'keep',
      group: 'What to write',
      short: 'what becomes of rows without a value',
      long: 'keep writes nulls, which npy refuses. drop leaves out the rows that lack any of the modalities to be written, and says how many. nan writes NaN into an npy.',
    },
    ...common,
  },
  examples: [
    {
      text: 'The photos of an extraction for NumPy or FAISS, and the ids of their rows',
      command: `pcm-convert features.arrows --modality photo --missing drop -o photos.npy
pcm-convert features.arrows --column id -o ids.npy`,
    },
    {
      text: 'Vectors from NumPy as a stream',
      command: `pcm-convert photos.npy > photos.arrows`,
    },
  ],
  seeAlso: ['pcm-extract(1)', 'pcm-info(1)', 'pcm(7)'],
})
