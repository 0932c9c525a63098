import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embedRows } from './embed-rows.js'

/**
 * `node dist/test/bench/million-rows.js [ROWS]`: a million rows of one modality of 256 numbers
 * through pcm-embed; prints the largest resident set of each process and fails above 400 MB.
 */
const LIMIT = 400

const folder = await mkdtemp(join(tmpdir(), 'pcm-rows-'))
try {
  const asked = Number(process.argv[2] ?? 1e6)
  const { rows, peaks } = await embedRows(asked, folder)
  for (const { program, status, megabytes } of peaks)
    process.stdout.write(`${program.padEnd(12)} exit ${status}  ${megabytes} MB\n`)
  const within = peaks.every(({ status, megabytes }) => status === 0 && megabytes < LIMIT)
  process.stdout.write(`${rows} rows came out, ${within ? 'all' : 'NOT all'} within ${LIMIT} MB\n`)
  process.exitCode = within && rows === asked ? 0 : 1
} finally {
  await rm(folder, { recursive: true })
}
