import { constants } from 'node:os'
import { PcmError } from '../../lib/error.js'
import { DownstreamClosed, openSink } from '../../lib/stream/sink.js'
import { openSource } from '../../lib/stream/source.js'

/**
 * A program for the tests: copies INPUT to OUTPUT; then `finish`, `abort`, `fail` by throwing, or
 * `hang` until a signal ends it as it ends every pcm program: by an exit.
 */
const [input = '-', output = '-', then = 'finish'] = process.argv.slice(2)

const copy = async () => {
  const source = await openSource(input)
  const sink = await openSink(output, { binary: true })
  for await (const chunk of source) await sink.write(chunk)
  if (then === 'hang') {
    process.on('SIGTERM', () => process.exit(128 + constants.signals.SIGTERM))
    process.stderr.write('written\n')
    await new Promise(resolve => setTimeout(resolve, 60_000))
  }
  if (then === 'fail') throw new Error('failed')
  await (then === 'abort' ? sink.abort() : sink.finish())
}

try {
  await copy()
} catch (error) {
  if (error instanceof DownstreamClosed) process.exitCode = 0
  else {
    process.exitCode = error instanceof PcmError ? error.exit : 70
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  }
}
