#!/usr/bin/env node
import { plot } from '../lib/cli/options/pcm-plot.js'
import { run } from '../lib/cli/run.js'

run(plot, async (args, context) => {
  const { runPlot } = await import('../lib/plot/program.js')
  return runPlot(args, context)
})
