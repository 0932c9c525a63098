import { execa } from 'execa'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import { binary, quietNode } from '../processes.js'

const KILLS = { quick: 2, long: 200 }
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'] as const
/** A whole pipe takes a second or two where nothing else runs. */
const HANG_MS = 300_000

/**
 * Each program of a pipe writes its process number, then becomes itself; PIPESTATUS tells how each
 * ended. The rows are enough for all four to be at work at once.
 */
const PROGRAMS = [
  `pcm-extract items.csv -m photo=vector:p_* -m caption=vector:c_* -c label=label --no-pg`,
  `pcm-embed --model model.arrows --no-pg`,
  `pcm-cat --no-pg`,
  `pcm-zeroshot --classes classes.arrows --class-modality photo --modality caption --predictions --no-pg -q -o out.arrows`,
]

/** One of four programs dies at any time: nothing that comes after it may say that all went well. */
export const pipes: Attack = {
  name: 'pipes',
  summary: 'a pipe of four programs, one of them stopped at a time that is drawn',
  unit: 'kills',
  goal: KILLS.long,
  async run({ quick, seed, folder, struck, fault, figure }) {
    writeFileSync(join(folder, 'items.csv'), manifest(quick ? 400 : 4000))
    await runShell(PREPARE, folder)
    const start = performance.now()
    const whole = await runPipe(folder, 'undisturbed')
    const duration = performance.now() - start
    if (whole.statuses.some(status => status !== 0)) throw new Error(whole.stderr)
    const expected = readFileSync(join(folder, 'undisturbed', 'out.arrows'))
    let late = 0
    for (let i = 0; i < (quick ? KILLS.quick : KILLS.long); i++) {
      const draw = random(seed, 'pipes', i)
      const victim = Math.floor(draw.uniform() * PROGRAMS.length)
      const after = draw.uniform() * duration
      const signal = draw.pick(SIGNALS)
      const place = join(folder, `${i}`)
      const { statuses, stderr, hung, hit } = await runPipe(folder, `${i}`, {
        victim,
        after,
        signal,
      })
      struck()
      if (!hit) late++
      const what = `kill ${i}: ${signal} to program ${victim + 1} after ${Math.round(after)} ms`
      const out = join(place, 'out.arrows')
      const written = existsSync(out) ? readFileSync(out) : undefined
      const tell = (text: string) => fault(`${what}: ${statuses.join(' ')}: ${text}: ${stderr}`)
      if (hung) tell('hung')
      if (written && !written.equals(expected)) tell('a part of the rows, as a whole file')
      if (!written && statuses.slice(hit ? victim : 0).includes(0)) tell('success downstream')
      if (/bug|\n\s+at /.test(stderr)) tell('a bug')
      const left = readdirSync(place).filter(name => !KNOWN.test(name))
      // Only what is killed outright cannot tidy up; its file says by its name that it is no output.
      if (
        left.length > 0 &&
        !(signal === 'SIGKILL' && left.every(name => /\.tmp\.\d+\.\d+$/.test(name)))
      )
        tell(`left ${left.join(', ')}`)
      rmSync(place, { recursive: true })
    }
    figure('came too late to hit a living process', late)
  },
}

const KNOWN = /^(pid\d|out\.arrows|items\.csv|model\.arrows|classes\.arrows)$/

const PREPARE = [
  `pcm-extract items.csv -m photo=vector:p_* -m caption=vector:c_* --id label -c label=label -o train.arrows`,
  `pcm-train train.arrows --epochs 1 --batch 16 --dim 8 -q -o model.arrows`,
  `pcm-embed train.arrows --model model.arrows -q -o classes.arrows`,
].join('\n')

const manifest = (rows: number): string => {
  const draw = random(0, 'pipes')
  const columns = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${name}_${i}`)
  const head = ['id', 'label', ...columns('p', 16), ...columns('c', 8)]
  const row = (i: number) =>
    [`r${i}`, `l${i % 40}`, ...Array.from({ length: 24 }, () => draw.uniform().toFixed(3))].join(
      ',',
    )
  return `${head.join(',')}\n${Array.from({ length: rows }, (_, i) => row(i)).join('\n')}\n`
}

const quoted = (line: string): string =>
  line.replace(/^(pcm-\w+)/, name => binary(name)).replaceAll('_*', "_'*'")

const runShell = (script: string, cwd: string) =>
  execa('bash', ['-ec', script.split('\n').map(quoted).join('\n')], {
    ...quietNode,
    cwd,
    stdin: 'ignore',
  })

interface Blow {
  victim: number
  after: number
  signal: (typeof SIGNALS)[number]
}

/** Runs the pipe in a folder of its own; one of its programs is stopped on the way. */
const runPipe = async (folder: string, name: string, blow?: Blow) => {
  const place = join(folder, name)
  mkdirSync(place)
  const parts = PROGRAMS.map(
    (line, i) =>
      `bash -c 'echo $$ > ${name}/pid${i}; exec "$@"' - ${quoted(line).replace('out.arrows', `${name}/out.arrows`)}`,
  )
  const child = execa('bash', ['-c', `${parts.join(' | ')}\necho "\${PIPESTATUS[@]}"`], {
    ...quietNode,
    cwd: folder,
    stdin: 'ignore',
    stdout: 'pipe',
    reject: false,
    timeout: HANG_MS,
  })
  const hit = blow ? await strikeAt(place, blow) : true
  const { stdout, stderr, timedOut: hung } = await child
  return { statuses: stdout.trim().split(' ').map(Number), stderr, hung, hit }
}

/** False where the process had ended before. */
const strikeAt = async (place: string, { victim, after, signal }: Blow): Promise<boolean> => {
  const file = join(place, `pid${victim}`)
  const start = performance.now()
  await setTimeout(after)
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') {
    if (performance.now() - start > HANG_MS) return false
    await setTimeout(5)
  }
  try {
    return process.kill(Number(readFileSync(file, 'utf8')), signal)
  } catch {
    return false
  }
}
