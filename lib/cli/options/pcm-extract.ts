import { program } from '../program.js'
import { common } from './common.js'

export const extract = program({
  name: 'pcm-extract',
  summary: 'turn the items of a manifest into features',
  description: `Reads a manifest (CSV, TSV, JSON Lines, Parquet or Arrow, one item a row), a WebDataset archive (tar) or the files of a directory, and writes a stream of features: one column a modality, one row an item, in the order of the manifest.

A value that is missing is null. Paths in a manifest are relative to the manifest, or to the current directory when it comes through a pipe. When every source is an array in a file, no manifest is read.

A manifest is read twice: first as a whole, for the types and vocabularies of its columns, so that a mistake in its last row is told before any work is done. What comes through a pipe is therefore copied to a temporary file first (in TMPDIR), which is gone when the program ends, however it ends.`,
  input: {
    argument: 'MANIFEST',
    short: 'a table, tar archive, folder or pattern; - is standard input',
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
      long: 'See Addresses and Encoders below. Several of one NAME are joined to one vector, in the order given.',
    },
    column: {
      type: 'string',
      alias: 'c',
      argument: 'NAME=SOURCE',
      list: 'repeat',
      group: 'What to extract',
      short: 'any other column to carry along (label, split, ...)',
      long: 'SOURCE is one manifest column, or an array with one value an item. A column is of integers, numbers or booleans where all its values are, else of texts; 007 is a text.',
    },
    id: {
      type: 'string',
      argument: 'COLUMN',
      otherwise: 'id where there is such a column, else row numbers from 0',
      group: 'What to extract',
      short: 'manifest column that names the item',
      long: 'Rows with equal ids are the same item. Row numbers count the whole input, before --where.',
    },
    split: {
      type: 'string',
      argument: 'NAME=PART[,NAME=PART]...',
      group: 'What to extract',
      short: 'add a split column: train=0.8,test=0.2 or train=0:100,test=100: or train=@ids.txt',
      long: 'Shares: the MurmurHash3 (x86, 32 bits) of the id in UTF-8, seeded with --seed and divided by 2^32, falls into one of the parts laid end to end. So an id is on the same side in every file. Row ranges FIRST:END count from 0 and leave END out. @FILE holds ids, one a line. Rows in no part have a null.',
    },
    shard: {
      type: 'string',
      argument: 'I/N',
      group: 'At scale',
      short: 'only part I of N of the rows, as in 1/4',
      long: 'Part I of total rows: floor((I - 1) total / N) to floor(I total / N), before --where, so pcm-cat of the parts in order gives all rows once in their order. Types, vocabularies and row numbers are those of the whole input.',
    },
    resume: {
      type: 'boolean',
      default: false,
      group: 'At scale',
      short: 'go on where the same command was stopped; give it the first time as well',
      long: 'Needs -o FILE. Until the result is whole it is FILE.partial, with its journal FILE.partial.log: whatever ends the program, whole record batches are kept there, each with its checksum, and the next run does only what is missing. The result has the bytes of a run that was never stopped (with --no-pg). With other options, another manifest or other arrays, weights and lists of names the run is refused; what the files named in a manifest hold is not looked at. SIGTERM and SIGINT are obeyed after the batch that is being made, with status 75.',
    },
    'on-error': {
      type: 'string',
      argument: 'POLICY',
      choices: ['fail', 'skip', 'null'],
      default: 'fail',
      group: 'At scale',
      short: 'an item that cannot be used ends the run, is left out, or lacks that modality',
      long: 'With skip and null every such item is listed in --log (event bad-item), the first ten on standard error with the number of all, and the exit status is 1. What is wrong with the manifest itself ends the run always.',
    },
    ...common,
  },
  sections: [
    {
      title: 'Manifests',
      text: `What a manifest is, is told by its name, else by its first bytes; all may be compressed by gzip.

CSV, TSV, JSON Lines, Parquet, Arrow (a stream or a file): an item a row. Columns of a Parquet or Arrow table may be text, numbers, booleans, days, instants and lists of these; other columns (structs, maps, decimals, bytes) cannot be read.

A WebDataset archive (.tar): neighbours whose names are equal up to the first dot of the last part are one item, and what follows that dot names the column: image:jpg, text:txt, category:cls. Texts (txt, text, transcript, cls, count, id and their like) are read as UTF-8, npy as a list of numbers, json as an object whose entries are columns: text:json.caption. The column __key__ names the item. Nothing is ever unpacked: a name that leads out of the archive, a link or a device is an item that cannot be used (see --on-error). Archives end to end are one. 

A directory, or a quoted pattern of files ('photos/**/*.jpg'): an item a file, in the order of their names. The column path, relative to the directory (to what is before the first wildcard), names the item; class is the folder that the file lies in, split the first folder where there are two or more. Hidden files are left out.

  pcm-extract 'photos/**/*.jpg' -m photo=image:path -m class=category:class

Addresses of the network (http://, s3://) and of commands (pipe:) are not opened, neither as a manifest nor within one. What is elsewhere comes through a pipe: curl URL | pcm-extract - ...`,
    },
    {
      title: 'Addresses',
      text: `SOURCE is one or more manifest columns, or an array in a file:

  COLUMN[+COLUMN]...   these columns
  FIRST..LAST          the columns from one to the other
  'x_*'                the columns that match; quoted, for the shell
  FILE[::SELECTOR]     an array in a .npy, .npz, .safetensors, MATLAB .mat or IDX
                       file, or a column of a Parquet or Arrow file

Several columns, or a list in one (JSON Lines, Parquet, Arrow), are views for image, audio and text: alternatives of one item, such as five captions. For a vector they are joined to one; there a list is the vector, and a list of lists is views. A category is one column; its names are sorted into a vocabulary, or taken in the order of vocab=FILE (one name a line).

A text with templates=FILE is put into every line of the file, at {}: each is a view. So the names of classes become prompts, such as: a photo of a {}.

A SELECTOR names an array of a .npz or .safetensors file, a column of a table (lists of numbers of one length are vectors), or a variable of a .mat file and the cells (from 0) and fields inside it: X.0, data.gist. Arrays are items x features; the option t says features x items. MATLAB files are of level 5 (save -v7 or older). IDX files are known by .idx or the names of MNIST (train-images-idx3-ubyte), also with .gz.

An address is split at the first =, the first :, the last @, then at commas. In a path or a column name %2C stands for a comma, %40 for @, %2B for +, %25 for %, and %2E for the dot of a column that is called like an array file (views%2Enpy).`,
    },
    {
      title: 'Encoders',
      text: `Without an encoder, image means hog, text means ngram and audio means logmel. The stream records the address with all options in force.

hog: histograms of oriented gradients (Dalal and Triggs 2005) and of colour on a grid. size=64 (pixels of a side; pictures are scaled to a square over white, turned upright by EXIF), cell=8, block=2, bins=9, grid=4 (0 leaves colour out).

ngram: hashed character n-grams within words and word n-grams, for any language. dim=1024, min=2 and max=5 (characters), words=2 (longest sequence of words). Vectors have norm 1.

logmel: statistics over time of the log-mel spectrum at 16 kHz (25 ms windows every 10 ms): mean and standard deviation, of values and of their slopes. bands=40, parts=4 (pieces that the sound is cut into first), mfcc (cepstral coefficients instead, count=20). Sounds are WAV, FLAC, Ogg (Vorbis, Opus, FLAC) or MP3, of any rate and number of channels; their mean is brought to 16 kHz by a low-pass filter (windowed sinc).

words:FILE: the vectors of the words of a text, from a file of word vectors: GloVe or word2vec text, or JSON (.json), most frequent word first. Their mean; with sif the mean weighted by smooth inverse frequency (Arora, Liang and Ma 2017; a=0.001) without its part along the common direction, both estimated from the order of the file (Zipf's law), so that they are the same for every shard; with tokens each word on its own. A text without a known word is refused.

onnx:FILE: an ONNX model of pictures or sounds, run by onnxruntime. input= and output= name a tensor or give its number from 0. A result of several vectors for an item is pooled: pool=mean (default), max, cls (the first) or none (end to end, when all items have equally many); tokens keeps them.

tfjs:DIR: a TensorFlow.js model of pictures (model.json and its shards) in the Layers or the Graph format; layer=NAME takes the output of an inner layer. The options are those of an ONNX model of pictures; output is pooled in the same way. The engine runs it at its own speed; where the model has an operation that the engine does not know, TensorFlow.js computes the whole by itself, which is slow, and a warning says so.

hf:DIR or hf:NAME: a model as the Hugging Face hub has them for Transformers.js (config.json, preprocessor_config.json or tokenizer.json, onnx/), in a folder or by its name on the hub; run by the package @huggingface/transformers, which is not installed with pcm. A folder is read where it lies and the network never asked; a name is downloaded once into the cache of the user (HF_HOME; with HF_HUB_OFFLINE=1 only from there). Pictures (CLIP, SigLIP, DINOv2, ViT), texts (sentence models, BERT, CLIP, SigLIP) and sounds (CLAP, wav2vec2, Whisper's encoder). Without more, the features are the projection of a contrastive model; the first token of a picture that a transformer saw in patches; what a sentence model's 1_Pooling/config.json says (in a folder; mean, cls, max or lasttoken), else the mean over a text's own tokens; the mean over time. pool=mean, max or cls, or tokens, take the last layer instead; output=NAME another output. dtype=fp32 (fp16, q8, ... name another file of weights), model (the file in onnx/ without its ending), revision, batch (texts: 32); pictures take the options of ONNX models, below.

cmd:PROGRAM: any other program, as a line for sh. It reads one path or text a line (line ends in a text become blanks) and writes an Arrow stream with one row a line, in order, and one column of vectors (fixed-size lists of floats; column=NAME where there are several), or with tokens a column of lists of vectors whose field metadata have pcm.axis=tokens; ids are not needed. It is started for every record batch, and once without any line to tell its dimension, unless dim=N says it. Its failure ends the extraction with status 69. In an address a comma in the line is written %2C.

  -m caption='text:caption@cmd:python3 encode.py'

With any of them, and for a vector, float16 stores the numbers in half precision; one that is too large for it is refused.`,
    },
    {
      title: 'ONNX models',
      text: `Pictures: size=224 (a square) or HEIGHTxWIDTH, fit=fill or cover (the middle), kernel=cubic, linear, lanczos3 or nearest, scale (bytes are multiplied by it: 1/255, or 1 for a model that takes whole numbers), mean and std (one number, or one a channel with + between them), layout=nchw or nhwc, batch (by default as many as make 8 MB, at most 64). What the address does not say comes from a preprocessor_config.json beside the model, else from the model's own shape. A model of one channel gets the luma of ITU-R BT.601. Inputs and outputs may be of any type of numbers.

Sounds: rate=16000, seconds (cut or filled up with silence to this length), gain (samples are multiplied by it; 32768 for networks that want 16-bit integers), normalize (mean 0, variance 1). then=FILE is a second network, which gets windows of the frames that the first one gives: its shape names their length, hop=8 frames lie between them, and every number of a frame is multiplied by mul=1 before add=0 is added.

  speech=audio:wav@onnx:melspectrogram.onnx,then=embedding_model.onnx,gain=32768,mul=0.1,add=2,seconds=1.5,pool=none

Weights that are not there are exit 69. The stream records the names of files without their folders.`,
    },
  ],
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
