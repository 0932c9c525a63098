import { program } from '../program.js'
import { common } from './common.js'
import { onError } from './on-error.js'
import { RECIPES } from './train-recipes.js'

/** Terms that may be the whole loss, and terms that are only added; lib/coordinate/losses has them. */
const LOSSES = ['pcmc', 'pcmr', 'cwcl', 'sdm', 'hinge', 'one-to-k', 'symile', 'itc'] as const
const ADDED = [
  'uniformity',
  'cross-uniformity',
  'alignment',
  'mixup',
  'ims',
  'lmim',
  'filip',
  'itm',
] as const

export const train = program({
  name: 'pcm-train',
  recipes: RECIPES,
  summary: 'train one head per modality so that all share one embedding space',
  description: `Reads a stream of features and writes a model: one head per modality, trained so that the embeddings of one item agree and those of different items do not.

Rows that lack a modality count for the pairs they have. The model written is the one with the best mean r@1 on the validation rows.`,
  input: {
    argument: 'FEATURES',
    short: 'a stream of features; - is standard input',
    optional: true,
  },
  options: {
    loss: {
      type: 'string',
      argument: 'TERM[,OPTION=VALUE]...',
      offers: LOSSES,
      default: 'pcmc',
      group: 'Loss',
      short: 'the loss: pcmc, pcmr or another term that stands alone',
      long: '--list prints all terms with their options, pcm-methods(7) tells what each is for.',
    },
    term: {
      type: 'string',
      argument: '[WEIGHT*]TERM[,OPTION=VALUE]...',
      offers: [...LOSSES, ...ADDED],
      list: 'repeat',
      group: 'Loss',
      short: 'add a term to the loss, times its weight',
    },
    recipe: {
      type: 'string',
      argument: 'NAME',
      choices: ['aai'],
      group: 'Loss',
      short: 'a method of several terms, with its other options',
      long: 'aai: --loss itc --term ims --term lmim --term 3*itm --pooling gpo. What the command line names itself comes first. pcm-methods(7) tells what it is for.',
    },
    list: {
      type: 'boolean',
      default: false,
      group: 'Loss',
      short:
        'print all terms, heads, poolings, closed forms and recipes with their sources, and stop',
    },
    'closed-form': {
      type: 'string',
      argument: 'NAME[,OPTION=NUMBER]...',
      offers: ['cca', 'ridge', 'procrustes', 'relative'],
      group: 'Loss',
      short: 'compute linear heads instead of training them',
      long: 'cca: canonical correlation analysis of any number of modalities (MAXVAR), over all pairs, by the rows of training and validation that have both sides; ridge=R, 0.01 by default, is the share of the mean variance that is added to each; each direction is scaled by what is shared along it to the power=P, 2 by default; no more dimensions than modalities share. Where items are few and features wide, or a modality is a few numbers, it is hard to beat. ridge and procrustes map every modality to the first side of the first --pair, by least squares or by a rotation; relative compares with --dim items that all modalities have. No loss, no epochs, no engine. The cost of all but relative grows with the cube of the features: meant for up to about a thousand. pcm-methods(7) tells what each is for.',
    },
    pair: {
      type: 'string',
      argument: 'A+B[:WEIGHT]',
      list: 'repeat',
      otherwise: 'all pairs, weight 1',
      group: 'Loss',
      short: 'a pair of modalities the loss looks at',
    },
    positives: {
      type: 'string',
      argument: '[A+B:]COLUMN',
      list: 'repeat',
      otherwise: 'equal category in pairs with a category, else equal id',
      group: 'Loss',
      short: 'rows with equal values in this column are positives',
    },
    temperature: {
      type: 'string',
      argument: 'KIND',
      choices: ['shared', 'per-pair', 'fixed'],
      default: 'shared',
      group: 'Loss',
      short: 'temperature: shared, per-pair or fixed',
      long: 'One learned for all pairs, one learned for each, or one that stays.',
    },
    'initial-temperature': {
      type: 'number',
      argument: 'T',
      default: 0.07,
      min: 0.01,
      max: 1,
      group: 'Loss',
      short: 'temperature at the start',
      long: 'With --temperature fixed it stays what it is.',
    },
    momentum: {
      type: 'number',
      argument: 'SHARE',
      default: 0.995,
      min: 0,
      max: 1,
      group: 'Loss',
      short: 'share of the momentum heads that stays from step to step',
      long: 'For terms that compare with momentum heads: itc, ims, lmim.',
    },
    queue: {
      type: 'integer',
      argument: 'N',
      default: 8192,
      min: 0,
      group: 'Loss',
      short: 'rows of earlier batches that the same terms compare with',
      long: 'Rounded down to whole batches, and to what the training rows hold; 0 for none.',
    },
    head: {
      type: 'string',
      argument: '[NAME=]HEAD',
      list: 'repeat',
      otherwise: 'residual-mlp',
      group: 'Heads',
      short: 'linear, mlp, residual-mlp or lin+mlp',
      long: 'With NAME= it is for that modality only.',
    },
    dim: {
      type: 'integer',
      argument: 'N',
      otherwise: '128, or that of --init',
      min: 2,
      max: 8192,
      group: 'Heads',
      short: 'size of the embeddings',
    },
    hidden: {
      type: 'string',
      argument: '[NAME=]N',
      list: 'repeat',
      otherwise: 'twice --dim',
      group: 'Heads',
      short: 'size of the hidden layer',
      long: 'With NAME= it is for that modality only.',
    },
    pooling: {
      type: 'string',
      argument: '[NAME=]POOLING',
      list: 'repeat',
      otherwise: 'the mean of the tokens, before the head',
      group: 'Heads',
      short: 'tokens to one vector: mean, max, first, attention or gpo',
      long: 'For features that are sequences of tokens. The head then maps each token by itself and the pooling follows, so that training takes as much longer as there are tokens in the longest sequence. With NAME= it is for that modality only.',
    },
    dropout: {
      type: 'number',
      argument: 'P',
      default: 0.1,
      min: 0,
      max: 0.95,
      group: 'Heads',
      short: 'share of hidden values dropped in training',
    },
    standardise: {
      type: 'boolean',
      default: true,
      group: 'Heads',
      short: 'take features as they are',
      long: 'Otherwise each feature is standardised by the mean and deviation of the training rows, which the model keeps.',
    },
    epochs: {
      type: 'integer',
      argument: 'N',
      default: 100,
      min: 1,
      group: 'Optimisation',
      short: 'passes over the training rows',
    },
    batch: {
      type: 'integer',
      argument: 'N',
      default: 128,
      min: 2,
      group: 'Optimisation',
      short: 'rows per step',
    },
    lr: {
      type: 'number',
      argument: 'RATE',
      default: 0.001,
      min: 0,
      group: 'Optimisation',
      short: 'highest learning rate',
      long: 'Of AdamW; after the warm-up it falls along a cosine to a hundredth.',
    },
    decay: {
      type: 'number',
      argument: 'RATE',
      default: 0.01,
      min: 0,
      group: 'Optimisation',
      short: 'weight decay',
    },
    warmup: {
      type: 'number',
      argument: 'SHARE',
      default: 0.05,
      min: 0,
      max: 1,
      group: 'Optimisation',
      short: 'share of steps in which the learning rate rises',
    },
    clip: {
      type: 'number',
      argument: 'NORM',
      default: 1,
      min: 0,
      group: 'Optimisation',
      short: 'largest norm of the gradient; 0 does not clip',
    },
    train: {
      type: 'string',
      argument: 'COLUMN=VALUE[,VALUE]...',
      otherwise: 'split=train where there is a split column, else all rows',
      group: 'Rows',
      short: 'rows to train on',
    },
    val: {
      type: 'string',
      argument: 'COLUMN=VALUE|SHARE',
      otherwise: 'split=val where there is one, else 0.1',
      group: 'Rows',
      short: 'rows to validate on, or the share to hold out for it',
    },
    patience: {
      type: 'integer',
      argument: 'N',
      min: 1,
      group: 'Optimisation',
      short: 'stop after N epochs without a better validation',
    },
    refit: {
      type: 'boolean',
      default: false,
      group: 'Rows',
      short: 'train again on training and validation rows together',
      long: 'First the number of epochs is chosen on the validation rows, then a fresh model is trained for that many.',
    },
    init: {
      type: 'string',
      argument: 'FILE',
      group: 'Starting from a model',
      short: 'start from the heads of this model',
    },
    freeze: {
      type: 'string',
      argument: 'NAME[,NAME]...',
      list: 'comma',
      group: 'Starting from a model',
      short: 'modalities whose heads stay as they are in --init',
    },
    checkpoint: {
      type: 'string',
      argument: 'DIR',
      group: 'Going on after a stop',
      short: 'write down in this folder where training stands',
      long: 'At the end of an epoch, unless that would take more than a twentieth of the time, and when a signal stops the run, which then ends with status 75. The last few are kept. The folder is made where there is none, and belongs to one run at a time.',
    },
    'checkpoint-every': {
      type: 'integer',
      argument: 'N',
      min: 1,
      group: 'Going on after a stop',
      short: 'do so after every N steps as well',
    },
    resume: {
      type: 'boolean',
      default: false,
      group: 'Going on after a stop',
      short: 'go on from the newest checkpoint; start where there is none',
    },
    memory: {
      type: 'string',
      argument: 'SIZE',
      otherwise: 'as much as it takes',
      group: 'Rows',
      short: 'features to keep in memory, such as 800M or 2G',
      long: 'What goes beyond waits in a temporary file (in TMPDIR, else /tmp) that has no name, so nothing is left of it however the run ends. The model is the same to the byte. With 64M for 352M of features, and the file in the cache of the system, training took 15 % longer; from a disk as much longer as its reads take.',
    },
    ...onError,
    ...common,
  },
  sections: [
    {
      title: 'Going on after a stop',
      text: `A run that was killed at any moment and is resumed writes the bytes of one that was never stopped (under --no-pg, on the same engine, kind of processor and --threads). The same command line serves to begin and to go on:

  pcm-train features.arrows --checkpoint run1 --resume -o model.arrows

A checkpoint holds the best heads so far, the state of the optimiser, and the numbers from which the order of the rows and all that is drawn at random follow. It is written beside its place, flushed to disk and renamed; whole ones only are gone on from, and a damaged one is named and passed over for the one before. One that was made with other options, another seed or other features is refused with what differs (64 or 65). It is a model stream: pcm-embed --model takes one, and so does --init.

SIGUSR1 asks for a checkpoint after the present step. SIGTERM, SIGINT and SIGHUP end the run after the present step: with a checkpoint and status 75 where --checkpoint is given, else as the signal would have; a SIGINT after that ends it at once. Without a terminal, as under nohup, SIGHUP is ignored.

A lock in the folder names the process that writes there; that of a process that has gone is taken over. When the loss is no longer a number, the run ends with 65 and the step, writes no model, and leaves the last good checkpoint.`,
    },
  ],
  examples: [
    {
      text: 'A model of the training rows, its progress in a log for machines',
      command: `pcm-train features.arrows --epochs 5 --log train.jsonl > model.arrows`,
    },
    {
      text: 'The contrastive loss with two terms that close the gap between modalities',
      command: `pcm-train features.arrows --loss pcmc,smoothing=0.1 --term 0.1*uniformity \\
  --term 0.1*alignment --epochs 2 -o spread.arrows`,
    },
    {
      text: 'The regression loss over two pairs only',
      command: `pcm-train features.arrows --loss pcmr --pair photo+caption --pair photo+sound \\
  --epochs 2 -o pairs.arrows`,
    },
  ],
  seeAlso: [
    'pcm-methods(7)',
    'pcm-cluster(7)',
    'pcm-extract(1)',
    'pcm-embed(1)',
    'pcm-eval(1)',
    'pcm(7)',
  ],
})
