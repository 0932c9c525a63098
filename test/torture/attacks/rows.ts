import { execa } from 'execa'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled, node } from '../../bench/processes.js'
import type { Attack } from '../attack.js'
import { npyHeader } from '../fuzz/npy.js'
import type { Resident } from '../workers/resident-preload.js'

const DIM = 256
const ROWS = { quick: 24_000, long: 2_000_000 }
/** The collector of garbage leaves something lying about; what grew with rows would be gigabytes. */
const SLACK = { share: 0.1, megabytes: 10 }

/**
 * Memory does not grow with the rows: a table of 2 GB passes through three programs. By the end of
 * the second quarter of the time all has been loaded and every batch has been in memory; the last
 * quarter may not take more.
 */
export const rows: Attack = {
  name: 'rows',
  summary: 'rows of 256 numbers through extract, embed and zeroshot: resident memory stays flat',
  unit: 'rows',
  goal: ROWS.long,
  async run({ quick, struck, fault, figure }) {
    // On disk: in memory the table would take what is to be measured.
    const folder = mkdtempSync(join(tmpdir(), 'pcm-torture-rows-'))
    try {
      await prepare(folder)
      const wanted = quick ? ROWS.quick : ROWS.long
      const { rows, residents } = await pass(folder, wanted)
      struck(rows)
      if (rows !== wanted) fault(`${rows} rows came out of ${wanted}`)
      for (const { program, status, quarters } of residents) {
        const [, second = 0, , last = Infinity] = quarters
        const told = `${quarters.join(', ')} MB in the quarters of its time`
        figure(`${program}, largest resident set`, told)
        if (status !== 0) fault(`${program}: status ${status}`)
        if (!quick && last > second * (1 + SLACK.share) + SLACK.megabytes)
          fault(`${program} grows: ${told}`)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}

const measured = (name: string): string =>
  node(name).replace('"$node"', `"$node" --import '${compiled(PRELOAD)}'`)
const PRELOAD = 'test/torture/workers/resident-preload'

const shell = (line: string, cwd: string) =>
  execa('bash', ['-ec', `set -o pipefail; unset NODE_OPTIONS; ${line}`], {
    cwd,
    stdin: 'ignore',
    env: { node: process.execPath, PCM_RESIDENT: join(cwd, RESIDENT), PCM_ENGINE: '', CI: '1' },
  })
const RESIDENT = 'resident.jsonl'

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

const pass = async (
  folder: string,
  rows: number,
): Promise<{ rows: number; residents: Resident[] }> => {
  await makeTable(join(folder, 'rows.npy'), rows)
  const { stdout } = await shell(
    `${measured('bin/pcm-extract')} -m photo=vector:rows.npy |
      ${measured('bin/pcm-embed')} --model model.arrows -q |
      ${measured('bin/pcm-zeroshot')} --classes classes.arrows --predictions -q |
      ${measured('test/bench/count-rows')}`,
    folder,
  )
  const lines = readFileSync(join(folder, RESIDENT), 'utf8').trimEnd().split('\n')
  return { rows: Number(stdout), residents: lines.map(line => JSON.parse(line) as Resident) }
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
