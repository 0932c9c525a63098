import type { SingleBar } from 'cli-progress'
import type { Log } from './log.js'
import { pace } from './pace.js'
import { showField, type Fields, type Progress, type Task } from './progress.js'

/** A bar on standard error, shown after `delay` milliseconds and gone at the end. */
export const progressBar = (task: Task, log: Log, delay: number): Progress => {
  const { unit, total, before = 0 } = task
  const start = Date.now()
  let latest = { done: before, text: '' }
  let bar: SingleBar | undefined
  let over = false
  const show = async () => {
    const { default: cliProgress } = await import('cli-progress')
    if (over) return
    const measure = total === undefined ? '{value}' : '[{bar}] {value}/{total}'
    bar = new cliProgress.SingleBar(
      {
        format: `${unit} ${measure} | {text}`,
        stream: process.stderr,
        clearOnComplete: true,
        // Signals are the program's business.
        gracefulExit: false,
        hideCursor: false,
        fps: 5,
      },
      cliProgress.Presets.legacy,
    )
    // Also when a signal ends the process: a bar stops the terminal from wrapping lines.
    process.once('exit', stop)
    bar.start(total ?? Number.MAX_SAFE_INTEGER, latest.done, { text: latest.text })
    log.beforeLine(() => process.stderr.write('\r\x1b[K'))
  }
  const stop = () => {
    over = true
    clearTimeout(timer)
    process.off('exit', stop)
    bar?.stop()
    log.beforeLine(() => {})
  }
  const timer = setTimeout(() => void show(), delay).unref()
  return {
    update(done: number, fields: Fields = {}) {
      const speed = pace(task, done, (Date.now() - start) / 1000)
      const parts = [speed, ...Object.entries(fields).map(showField)]
      latest = { done, text: parts.filter(part => part !== '').join(', ') }
      bar?.update(done, { text: latest.text })
    },
    stop,
  }
}
