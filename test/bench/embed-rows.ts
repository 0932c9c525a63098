import { execa } from 'execa'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Peak } from './peak-preload.js'

const DIM = 256

/** Sends rows of 256 numbers, made on the fly, through pcm-embed: what came out and what it took. */
export const embedRows = async (
  rows: number,
  folder: string,
): Promise<{ rows: number; peaks: Peak[] }> => {
  const dist = fileURLToPath(new URL('../../', import.meta.url))
  const peaks = join(folder, 'peaks.jsonl')
  const program = (name: string) =>
    `node --import '${dist}test/bench/peak-preload.js' '${dist}${name}'`
  const make = program('test/bench/make-rows.js')
  const pipe = [
    `${make} 512 ${DIM} 16 | ${program('bin/pcm-train.js')} --epochs 1 --batch 128 -o model.arrows`,
    `rm '${peaks}'`,
    `${make} ${rows} ${DIM} | ${program('bin/pcm-embed.js')} --model model.arrows |
      ${program('test/bench/count-rows.js')}`,
  ]
  const { stdout } = await execa('sh', ['-ec', pipe.join('\n')], {
    cwd: folder,
    env: { PCM_PEAKS: peaks, NODE_OPTIONS: '' },
  })
  const lines = (await readFile(peaks, 'utf8')).trimEnd().split('\n')
  return { rows: Number(stdout), peaks: lines.map(line => JSON.parse(line) as Peak) }
}
