import type { Log } from '../cli/log.js'
import type { Progress, Task } from '../cli/progress.js'
import type { Signals } from '../cli/signals.js'
import type { TrainWatcher } from './train.js'

/** What training needs of the program around it. */
export interface Surroundings {
  log: Log
  signals: Signals
  progress(task: Task): Progress
}

/** Shows a training to people (progress, lines) and to machines (`--log`), and obeys signals. */
export function watch(
  { log, signals, progress }: Surroundings,
  engine: string,
): TrainWatcher & { stop(): void } {
  let shown: Progress | undefined
  const fields: Record<string, number> = {}
  return {
    start(plan) {
      log.event('start', { ...plan, engine })
      const pairs = Object.entries(plan.pairs).map(([name, rows]) => `${name} ${rows}`)
      log.note(
        `${plan.train} rows to train on, ${plan.val} to validate on, batch ${plan.batch}, ` +
          `${plan.parameters} parameters, ${engine}`,
      )
      log.detail(`rows with both sides: ${pairs.join(', ')}`)
      for (const [name, rows] of Object.entries(plan.pairs))
        if (rows < 2) log.warn(`pair ${name}: ${rows} training rows have both, nothing to learn`)
    },
    step(done, total, loss) {
      shown ??= progress({ unit: 'step', total })
      fields.loss = loss
      shown.update(done, fields)
      return signals.requested() === undefined
    },
    epoch({ epoch, loss, rate }, validation, best) {
      if (validation) fields['val r@1'] = validation.mean
      const val = validation && { 'val r@1': validation.mean, directions: validation.directions }
      log.event('epoch', { epoch, loss, rate, ...val, best })
      log.detail(
        `epoch ${epoch}: loss ${loss.toPrecision(4)}` +
          (validation ? `, val r@1 ${validation.mean.toFixed(2)}${best ? ' (best)' : ''}` : ''),
      )
    },
    refit(epochs) {
      shown?.stop()
      shown = undefined
      log.event('refit', { epochs })
      log.note(`again on training and validation rows, ${epochs} epochs`)
    },
    spilled({ bytes, spilled }) {
      log.event('spilled', { bytes, spilled })
      log.note(`${megabytes(spilled)} of ${megabytes(bytes)} of features wait in a temporary file`)
    },
    warn: text => log.warn(text),
    note(event, told, text) {
      shown?.stop()
      shown = undefined
      log.event(event, told)
      log.note(text)
    },
    stop() {
      shown?.stop()
    },
  }
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
