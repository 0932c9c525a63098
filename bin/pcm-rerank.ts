#!/usr/bin/env node
import { forgiving } from '../lib/cli/forgiving.js'
import { rerank } from '../lib/cli/options/pcm-rerank.js'
import { run } from '../lib/cli/run.js'

run(rerank, async (args, context) => {
  const forgive = forgiving(args.onError, context.log)
  const { runRerank } = await import('../lib/coordinate/rerank/program.js')
  return runRerank(args, context, forgive)
})
