#!/usr/bin/env node
import { evaluate } from '../lib/cli/options/pcm-eval.js'
import { run } from '../lib/cli/run.js'

run(evaluate, async (args, context) => {
  const { runEvaluation } = await import('../lib/retrieve/program/program.js')
  return runEvaluation(args, context)
})
