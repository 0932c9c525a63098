#!/usr/bin/env node
import { zeroshot } from '../lib/cli/options/pcm-zeroshot.js'
import { run } from '../lib/cli/run.js'

run(zeroshot, async (args, context) => {
  const { runZeroshot } = await import('../lib/zeroshot/program/program.js')
  return runZeroshot(args, context)
})
