import { execa } from 'execa'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled, node } from '../../bench/processes.js'
import type { Peak } from '../../bench/peak-preload.js'
import type { Attack } from '../attack.js'
import { npyHeader } from '../fuzz/npy.js'

const DIM = 256
const FEW = { quick: 8_000, long: 100_000 }
const MANY = { quick: 24_000, long: 2_000_000 }
/** The collector of garbage leaves something lying about; what grows with rows would be gigabytes. */
const SLACK_MB = 100

/** Memory does not grow with the rows: a table of 2 GB passes through three programs. */
export const rows: Attack = {
  name: 'rows',
  summary: 'rows of 256 numbers through extract, embed and zeroshot: resident memory stays flat',
  unit: 'rows',
  goal: MANY.long,
  async run({ quick, struck, fault, figure }) {
    // On disk: in memory the table would take what is to be measured.
    const folder = mkdtempSync(join(tmpdir(), 'pcm-torture-rows-'))
    try {
      await prepare(folder)
      const few = quick ? FEW.quick : FEW.long
      const many = quick ? MANY.quick : MANY.long
      const before = await pass(folder, few)
      const after = await pass(folder, many)
      struck(after.rows)
      if (after.rows !== many) fault(`${after.rows} rows came out of ${many}`)
      for (const { program, status, megabytes } of after.peaks) {
        const flat = before.peaks.find(peak => peak.program === program)?.megabytes ?? 0
        figure(
          `${program}, largest resident set`,
          `${flat} MB at ${few}, ${megabytes} MB at ${many}`,
        )
        if (status !== 0) fault(`${program}: status ${status}`)
        if (megabytes > flat + SLACK_MB)
          fault(`${program}: ${flat} MB for ${few} rows, ${megabytes} MB for ${many}`)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

const measured = (name: string): string =>
  node(name).replace('"$node"', `"$node" --import '${compiled('test/bench/peak-preload')}'`)

const shell = (line: string, cwd: string) =>
  execa('bash', ['-ec', `set -o pipefail; unset NODE_OPTIONS; ${line}`], {
    cwd,
    stdin: 'ignore',
    env: { node: process.execPath, PCM_PEAKS: join(cwd, 'peaks.jsonl'), PCM_ENGINE: '', CI: '1' },
  })

/** A model, and 64 prototypes. */
const prepare = async (folder: string): Promise<void> => {
  const make = (rows: number, ...dims: number[]) =>
    `${node('test/bench/make-rows')} ${rows} ${dims.join(' ')}`
  await shell(
    `${make(512, DIM, 16)} | ${node('bin/pcm-train')} --epochs 1 -q -o model.arrows
    ${make(64, DIM)} | ${node('bin/pcm-embed')} --model model.arrows -q -o classes.arrows`,
    folder,
  )
}

const pass = async (folder: string, rows: number): Promise<{ rows: number; peaks: Peak[] }> => {
  await makeTable(join(folder, 'rows.npy'), rows)
  rmSync(join(folder, 'peaks.jsonl'), { force: true })
  const { stdout } = await shell(
    `${measured('bin/pcm-extract')} -m photo=vector:rows.npy |
      ${measured('bin/pcm-embed')} --model model.arrows -q |
      ${measured('bin/pcm-zeroshot')} --classes classes.arrows --predictions -q |
      ${measured('test/bench/count-rows')}`,
    folder,
  )
  const lines = readFileSync(join(folder, 'peaks.jsonl'), 'utf8').trimEnd().split('\n')
  return { rows: Number(stdout), peaks: lines.map(line => JSON.parse(line) as Peak) }
}

/** Numbers that differ from row to row: a block of noise, its first column counting. */
const makeTable = async (path: string, rows: number): Promise<void> => {
  const handle = await open(path, 'w')
  await handle.write(npyHeader('<f4', `(${rows}, ${DIM})`))
  const step = 10_000
  const block = Float32Array.from({ length: step * DIM }, (_, i) => Math.sin(i * 12.9898))
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first)
    for (let row = 0; row < count; row++) block[row * DIM] = first + row
    await handle.write(block, 0, count * DIM * 4)
  }
  await handle.close()
}
