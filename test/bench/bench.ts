import { floorOf, machine, measurePeak, type Peak, versions, type Work } from './machine.js'
import type { Options } from './options.js'
import { findPython, type Python } from './python.js'
import { isNotRun, type NotRun, type Row } from './row.js'

export interface Bench {
  name: string
  summary: string
  run(setup: Setup): AsyncGenerator<Row>
}

/** What the user asked for, and what the rows of one run share. */
export interface Setup extends Options {
  /** An empty folder that goes away in the end. */
  folder: string
  /** Looked for, or made, when first asked for. */
  python(): Promise<Python | NotRun>
  /** The least time that work can take on this machine, ms; the machine is measured once. */
  floor(work: Work): Promise<number>
  /** What was compared on what. */
  conditions(): Promise<Record<string, unknown>>
}

export const setupOf = (options: Options, folder: string): Setup => {
  let python: Promise<Python | NotRun> | undefined
  let peak: Promise<Peak> | undefined
  return {
    ...options,
    folder,
    python: () => (python ??= findPython()),
    // A bench without a peer in Python does not make an environment for the sake of its floor.
    floor: async work => floorOf(work, await (peak ??= measurePeak(options, await python))),
    async conditions() {
      const found = await python
      return {
        threads: options.threads,
        machine: { ...machine(), ...(await peak) },
        versions: { ...versions(), ...(found && !isNotRun(found) ? found.versions : {}) },
      }
    },
  }
}
