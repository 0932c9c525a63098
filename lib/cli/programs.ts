import { cat } from './options/pcm-cat.js'
import { convert } from './options/pcm-convert.js'
import { embed } from './options/pcm-embed.js'
import { evaluate } from './options/pcm-eval.js'
import { extract } from './options/pcm-extract.js'
import { info } from './options/pcm-info.js'
import { join } from './options/pcm-join.js'
import { plot } from './options/pcm-plot.js'
import { rerank } from './options/pcm-rerank.js'
import { train } from './options/pcm-train.js'
import { zeroshot } from './options/pcm-zeroshot.js'
import type { ProgramSpec } from './program.js'

/** All programs, in the order of a pipeline: man pages and checks are made over this list. */
export const programs: readonly ProgramSpec[] = [
  extract,
  train,
  embed,
  rerank,
  evaluate,
  plot,
  zeroshot,
  info,
  cat,
  join,
  convert,
]
