#!/usr/bin/env node
import { evaluate } from '../lib/cli/options/pcm-eval.js'
import { run } from '../lib/cli/run.js'

run(evaluate, async (args, context) => {
  if (args.blind !== undefined) {
    const { runBlind } = await import('../lib/retrieve/blind/run-blind.js')
    return runBlind(args, context)
  }
  const { runEvaluation } = await import('../lib/retrieve/program/program.js')
  return runEvaluation(args, context)
})
