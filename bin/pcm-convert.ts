#!/usr/bin/env node
import { convert } from '../lib/cli/options/pcm-convert.js'
import { run } from '../lib/cli/run.js'
import { Exit } from '../lib/error.js'

run(convert, async (args, context) => {
  const { convert } = await import('../lib/convert/convert.js')
  const { isText, outputFormat } = await import('../lib/convert/format.js')
  const { openSink } = await import('../lib/stream/sink.js')
  const { parseWhere } = await import('../lib/stream/where.js')

  const to = outputFormat(args.output, args.to)
  const sink = await openSink(args.output, { binary: !isText(to) })
  const progress = context.progress({ unit: 'row' })
  try {
    const { written, dropped } = await convert(
      {
        input: args.input,
        from: args.from,
        to,
        choice: { modalities: args.modality, columns: args.column },
        where: args.where.map(parseWhere),
        missing: args.missing,
        record: context.record(),
        noPg: !args.pg,
        tell: context.log.note,
      },
      sink,
      progress,
    )
    if (dropped > 0) context.log.note(`${dropped} rows lack a modality and were left out`)
    context.log.detail(`${written} rows`)
    return written > 0 ? Exit.done : Exit.noRows
  } finally {
    progress.stop()
  }
})
