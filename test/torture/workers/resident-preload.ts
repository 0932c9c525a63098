import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Loaded in front of a program (`node --import`): looks at its resident set ten times a second and
 * adds a line to the file PCM_RESIDENT as it exits.
 */
export interface Resident {
  program: string
  status: number
  /** Largest resident set in each quarter of the time from the first to the last look, in MB (10^6 bytes). */
  quarters: number[]
}

const looks: number[] = []
const look = (): void => void looks.push(process.memoryUsage.rss() / 1e6)
look()
setInterval(look, 100).unref()

const largest = (_: unknown, quarter: number): number => {
  const part = looks.slice((quarter * looks.length) / 4, ((quarter + 1) * looks.length) / 4)
  return Math.round(Math.max(...part, 0))
}

process.on('exit', status => {
  look()
  const resident: Resident = {
    program: basename(process.argv[1] ?? '', '.js'),
    status,
    quarters: Array.from({ length: 4 }, largest),
  }
  appendFileSync(process.env['PCM_RESIDENT'] ?? '', JSON.stringify(resident) + '\n')
})
