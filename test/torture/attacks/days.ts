import { execa } from 'execa'
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import { makeSmallWorld } from '../small-world.js'
import { openSandbox } from '../../sandbox.js'

const PIPELINES = { quick: 6, long: 500 }
const HANG_MS = 120_000

/**
 * What people do all day, some of it wrong. `out` is what a line may leave; statuses are those of
 * the last program. WORLD is a folder of small streams.
 */
const LINES: readonly { line: string; status: number[]; out?: string[] }[] = [
  {
    line: 'pcm-extract $WORLD/items.csv -m p=vector:p_* -m c=vector:c_* -c label=label | pcm-train --epochs 2 --batch 4 --dim 4 | pcm-embed $WORLD/features.arrows --model /dev/stdin | pcm-eval',
    status: [65],
  },
  {
    line: 'pcm-embed $WORLD/features.arrows --model $WORLD/model.arrows | tee e.arrows | pcm-eval --format json -o metrics.json',
    status: [0],
    out: ['e.arrows', 'metrics.json'],
  },
  {
    line: 'cat $WORLD/items.csv | pcm-extract -m t=text:label@ngram,dim=16 -o t.arrows && pcm-info t.arrows',
    status: [0],
    out: ['t.arrows'],
  },
  {
    line: 'pcm-embed $WORLD/features.arrows --model $WORLD/model.arrows | pcm-zeroshot --class-modality class --predictions | pcm-cat | pcm-info > info.txt',
    status: [0],
    out: ['info.txt'],
  },
  { line: 'pcm-cat $WORLD/features.arrows $WORLD/features.arrows | head -c 700', status: [0] },
  {
    line: 'head -c 1500 $WORLD/features.arrows | pcm-train --epochs 1 -o model.arrows',
    status: [65],
  },
  { line: 'pcm-extract $WORLD/items.csv -m p=vector:nothing -o f.arrows', status: [65] },
  {
    line: `pcm-extract $WORLD/items.csv -m p='text:id@cmd:cat > /dev/null; exit 3' -o f.arrows`,
    status: [69],
  },
  {
    line: `pcm-extract $WORLD/items.csv -m p='text:label@cmd:cat > /dev/null; cat \${WORLD}/cat.arrows,dim=2' -o f.arrows`,
    status: [65, 69],
  },
  {
    line: 'timeout -s TERM 0.7 pcm-train $WORLD/features.arrows --epochs 1000000 --batch 4 -q -o model.arrows',
    status: [124],
  },
  {
    line: 'timeout -s INT 0.7 pcm-train $WORLD/features.arrows --epochs 1000000 --batch 4 -q -o model.arrows',
    status: [124],
  },
  {
    line: 'sleep 1 | timeout -s TERM 0.7 pcm-extract -m p=vector:p_0 -o f.arrows',
    status: [124],
  },
  {
    line: 'sleep 1 | timeout -s TERM 0.7 pcm-join $WORLD/features.arrows - -o j.arrows',
    status: [124],
  },
  { line: 'pcm-join $WORLD/features.arrows $WORLD/embeddings.arrows -o j.arrows', status: [65] },
  { line: 'pcm-convert $WORLD/embeddings.arrows -o e.jsonl', status: [0], out: ['e.jsonl'] },
]

/** Pipelines in a row, sound, broken and stopped: nothing stays behind, running or on the disk. */
export const days: Attack = {
  name: 'days',
  summary: 'pipelines in a row, sound, broken and stopped: no file, folder or process is left',
  unit: 'pipelines',
  goal: PIPELINES.long,
  async run({ quick, seed, folder, host, struck, fault }) {
    const world = await makeSmallWorld(host, folder)
    const sandbox = openSandbox()
    const place = (name: string) => join(folder, name)
    for (const name of ['work', 'home', 'tmp']) mkdirSync(place(name))
    const env = {
      ...sandbox.env,
      ...{ HOME: place('home'), TMPDIR: place('tmp'), WORLD: world.folder },
      ...{ XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' },
    }
    try {
      for (let i = 0; i < (quick ? PIPELINES.quick : PIPELINES.long); i++) {
        const { line, status, out = [] } = choose(random(seed, 'days', i))
        const ended = await execa('bash', ['-c', `set -o pipefail\n${line}`], {
          ...{ cwd: place('work'), env, reject: false, stdin: 'ignore', timeout: HANG_MS },
          stripFinalNewline: false,
        })
        struck()
        const tell = (text: string) => fault(`pipeline ${i}: ${line}: ${text}: ${ended.stderr}`)
        if (!status.includes(ended.exitCode ?? -1)) tell(`status ${ended.exitCode}`)
        if (/this is a bug|\n\s+at /.test(ended.stderr)) tell('a bug')
        for (const name of ['home', 'tmp'])
          for (const left of readdirSync(place(name), { recursive: true }))
            tell(`left ${name}/${String(left)}`)
        for (const left of readdirSync(place('work'))) {
          if (!out.includes(left)) tell(`left work/${left}`)
          rmSync(join(place('work'), left), { recursive: true })
        }
        for (const process of processesIn(place('work'))) tell(`left process ${process}`)
      }
    } finally {
      sandbox.remove()
    }
  },
}

const choose = (draw: Random) => LINES[Math.floor(draw.uniform() * LINES.length)]!

/** Processes whose current directory this is; none can be told where there is no /proc. */
const processesIn = (folder: string): string[] =>
  existsSync('/proc/self/cwd')
    ? readdirSync('/proc').filter(name => /^\d+$/.test(name) && folderOf(name) === folder)
    : []

const folderOf = (process: string): string | undefined => {
  try {
    return readlinkSync(`/proc/${process}/cwd`)
  } catch {
    return undefined
  }
}
