import type { Text } from '../program.js'

const description: Text = `pcm trains one small network, a head, per modality on top of frozen encoders, so that what belongs together lies together in one space: pictures, captions in several languages, sounds, attributes, classes. Any modality then retrieves any other, any mix of them any other mix, and classes are named without examples.

Programs read and write streams and chain in a shell:

  pcm-extract items.csv -m photo=image:file -m caption=text:caption |
    tee features.arrows | pcm-train --loss pcmc > model.arrows
  pcm-embed --model model.arrows features.arrows | pcm-eval

The losses PCMC and PCMR are reconstructions of arXiv 2401.16347 from its abstract: no claim is made to match its equations or numbers.`

const words: [string, string][] = [
  ['item', 'One row: one thing seen through several modalities; its id names it.'],
  ['modality', 'A named column of features: photo, caption, voice; never a fixed list.'],
  ['encoder', 'What turns raw data into features. It is frozen.'],
  ['feature', 'What an encoder gives: a vector, or a sequence of token vectors.'],
  ['head', "The trained map from one modality's features to the shared space."],
  ['embedding', 'A vector of norm 1 in the shared space.'],
  ['pair', 'Two modalities. A loss looks at pairs; a direction is an ordered pair, photo>caption.'],
  ['view', 'One of several alternatives of one modality of one item: five captions of a photo.'],
  ['enriched', 'Said of an embedding combined from several modalities of the same item.'],
  ['prototype', 'An embedding that stands for a class.'],
]

const stream: Text = `Everything that passes between programs is one Arrow IPC stream (.arrows). The Arrow file format is accepted on input too. A row is an item, and every program that maps rows to rows keeps their order.

Column id is text and never null. Rows that share an id are the same item, so positives of one another.

A modality is a column of fixed-size lists of 32-bit or 16-bit floating-point numbers: one vector a row; or a list of such vectors, which are tokens or views as the field metadata pcm.axis says. A category is a column of integer codes, its vocabulary in the field metadata. Null says that the item lacks the modality. Further field metadata: pcm.role, pcm.encoder, pcm.kind, pcm.unit, pcm.of.

All other columns pass through untouched.

Schema metadata: pcm.schema is 1; pcm.content is features, embeddings, model, predictions or metrics; pcm.pg is the provenance, a JSON array with one record a program, oldest first. Unknown keys are kept.

The last record batch has no rows; its metadata carries the number of rows and a CRC-32 per column, and readers check both. The end-of-stream marker is the mark of success: a program that fails ends without it and every reader demands it, so no pipeline quietly works on half of its data, with or without pipefail.

A model is a stream too, one row a parameter, with all that embedding needs in its metadata. Prototypes are an embeddings stream whose id is the class name; rows with equal ids are averaged.`

const manners: Text = `Data go to standard output, everything else to standard error. The name - stands for standard input or output. A file named with -o appears whole or not at all. Binary data are not written to a terminal.

An error is one line: program, file, column, row, what was found, what was expected; a second line may say what to do.

Of an option given twice the last one counts, unless it may be repeated. An option is written --name VALUE or --name=VALUE, a short one -n VALUE or -nVALUE. Any option but --help, --version and --completion can come from a --config file; the command line wins.

A reader that leaves early (head, for example) ends a program quietly with status 0. SIGINT or SIGTERM lets pcm-train finish its step; a SIGINT after it ends it at once, as the first signal does the other programs.`

const selections: Text = `Wherever rows are chosen, COLUMN=VALUE[,VALUE] takes those whose column holds one of the values. A stream that has a split column and no --train trains on train and validates on val (else on a seeded tenth of the training rows), never on test.

In an address, characters that would separate (comma, colon, at sign, equals sign, plus sign) are written as %2C, %3A, %40, %3D, %2B when they belong to a path.`

const engines: Text = `Arithmetic is written once and runs on one of several engines. With --device auto a GPU that works is taken, else the processor; what was taken stands in the provenance and on standard error, and so does why a GPU that seems to be there is not used. With --device gpu there is a GPU or status 69 with what is missing.

onnx computes on the processor. tensorflow is for NVIDIA GPUs, webgpu for those of any make; the packages they need are installed beside pcm:

  npm install @tensorflow/tfjs-node-gpu@4.22.0
  npm install webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0

The first brings TensorFlow 2.9, which knows CUDA 11.2; for newer GPUs, or where its library cannot be downloaded, fixtures/recipes/libtensorflow/build.sh builds it from another TensorFlow, and PCM_LIBTENSORFLOW names the folder. gpu:N counts the GPUs that CUDA_VISIBLE_DEVICES lets through. On a GPU each program takes memory as it needs it, so that those of one pipeline can share it; products are made in full 32-bit precision unless NVIDIA_TF32_OVERRIDE=1. The two GPU engines agree with the processor in tests that need no GPU; npm run gpu-check repeats that on yours.`

const reproducibility: Text = `Equal input, options, seed, engine, kind of processor and --threads give equal bytes under --no-pg, which leaves out of the provenance what differs between runs.`

const completion: Text = `Each program prints a completion script that starts no program when TAB is pressed:

  source <(pcm-train --completion bash)
  pcm-train --completion zsh > ~/.zfunc/_pcm-train
  pcm-train --completion fish > ~/.config/fish/completions/pcm-train.fish`

/** The prose of pcm(7). */
export const overviewSections = {
  description,
  words,
  more: [
    { title: 'Stream', text: stream },
    { title: 'Selections', text: selections },
    { title: 'Manners', text: manners },
    { title: 'Engines', text: engines },
    { title: 'Reproducibility', text: reproducibility },
    { title: 'Completion', text: completion },
  ],
} as const
