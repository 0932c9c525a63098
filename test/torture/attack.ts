import { type Host, openHost } from './host/hosted.js'
import type { Options } from './asked-for.js'

/**
 * An attack does one kind of harm a great number of times and looks at what comes of it. A new one
 * is a file of attacks/ that exports an `Attack`, and a line of attacks/index.ts; the runner prints
 * its row, and the quick version runs in the tests (quick.test.ts) without more ado.
 *
 * - Everything drawn comes from `seed` (fixtures/maker/random.ts), so that a fault can be met again.
 * - `quick` takes seconds and as little processor as can be; sizes differ, nothing else does.
 * - Files are made below `folder`; whatever is left elsewhere is a fault.
 */
export interface Attack {
  /** As it is called on the command line. */
  name: string
  /** What must hold, in one line. */
  summary: string
  /** What `count` counts: `cuts`, `kills`. */
  unit: string
  /** The least count of the long version. */
  goal: number
  run(field: Field): Promise<void>
}

/** What an attack is given, and where it tells what it saw. */
export interface Field extends Options {
  /** An empty folder, in memory where the machine has such, that goes away in the end. */
  folder: string
  /** Runs programs without a process for each (host/hosted.ts); closed by the runner. */
  host: Host
  /** Counts one more blow, or several. */
  struck(times?: number): void
  /** What should not have happened: the blow, so that it can be struck again, and what came of it. */
  fault(what: string): void
  /** A figure beside the count, such as a peak of memory. */
  figure(name: string, value: number | string): void
}

/** What is printed of an attack. */
export interface Row {
  name: string
  count: number
  unit: string
  /** Of the long version. */
  goal: number
  faults: number
  /** The first ones, in words. */
  first: string[]
  seed: number
  seconds: number
  figures: Record<string, number | string>
}

const MOST_TOLD = 5

/** Runs an attack in a folder and adds up what it tells. */
export const strike = async (attack: Attack, options: Options, folder: string): Promise<Row> => {
  const { name, unit, goal } = attack
  const row: Row = {
    ...{ name, count: 0, unit, goal, faults: 0, first: [], seed: options.seed },
    ...{ seconds: 0, figures: {} },
  }
  const start = performance.now()
  const host = openHost()
  const field: Field = {
    ...options,
    folder,
    host,
    struck: (times = 1) => void (row.count += times),
    fault(what) {
      row.faults++
      if (row.first.length < MOST_TOLD) row.first.push(what)
    },
    figure: (figure, value) => void (row.figures[figure] = value),
  }
  await attack.run(field).finally(host.close)
  row.seconds = Math.round((performance.now() - start) / 100) / 10
  return row
}
