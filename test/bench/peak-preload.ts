import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Loaded in front of a program (`node --import`): adds a line to the file PCM_PEAKS as it exits. */
export interface Peak {
  program: string
  status: number
  /** Largest resident set, in MB (10^6 bytes). */
  megabytes: number
}

process.on('exit', status => {
  const peak: Peak = {
    program: basename(process.argv[1] ?? '', '.js'),
    status,
    megabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
  }
  appendFileSync(process.env['PCM_PEAKS'] ?? '', JSON.stringify(peak) + '\n')
})
