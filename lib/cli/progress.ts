import type { Log } from './log.js'
import { pace } from './pace.js'
import { progressBar } from './progress-bar.js'

/** What is being counted: `{ unit: 'epoch', total: 50 }`. */
export interface Task {
  unit: string
  /** Left out where nobody knows it. */
  total?: number
  /** How much of it an earlier run has done. */
  before?: number
}

export type Fields = Record<string, number | string>

export interface Progress {
  /** `done` of the total; fields (`{ loss: 2.31 }`) are shown beside. Cheap: call it at each step. */
  update(done: number, fields?: Fields): void
  /** Takes the bar away; later updates do nothing. */
  stop(): void
}

/** Nobody looks within the first second, so a short run shows nothing. */
const DELAY_MS = 1000

/** Where progress goes: `bar` is for a person, `lines` for a file that somebody may read later. */
export type ProgressStyle = 'bar' | 'lines' | 'none'

export const chooseStyle = (
  { progress, quiet }: { progress: boolean | undefined; quiet: boolean },
  { isTTY, env }: { isTTY: boolean; env: NodeJS.ProcessEnv },
): ProgressStyle => {
  if (progress === false || (quiet && progress === undefined)) return 'none'
  if (!isTTY || env['TERM'] === 'dumb') return 'lines'
  return env['CI'] && progress === undefined ? 'lines' : 'bar'
}

export const openProgress = (style: ProgressStyle, task: Task, log: Log): Progress => {
  if (style === 'none') return { update() {}, stop() {} }
  return style === 'bar' ? progressBar(task, log, DELAY_MS) : progressLines(task, log)
}

/** A line each time that the count has doubled: the length of a log grows as its logarithm. */
const progressLines = (task: Task, log: Log): Progress => {
  const { unit, total } = task
  const start = Date.now()
  let next = 1
  return {
    update(done, fields = {}) {
      if (done < next || Date.now() - start < DELAY_MS) return
      next = done * 2
      const count = total === undefined ? `${done}` : `${done}/${total}`
      const speed = pace(task, done, (Date.now() - start) / 1000)
      const parts = [`${unit} ${count}`, speed, ...Object.entries(fields).map(showField)]
      log.note(parts.filter(part => part !== '').join(', '))
    },
    stop() {
      next = Infinity
    },
  }
}

/** `loss 2.31`: four significant digits are plenty for the eye. */
export const showField = ([name, value]: [string, number | string]): string =>
  `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`
