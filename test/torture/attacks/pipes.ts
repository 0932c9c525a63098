import { execa } from 'execa'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { random } from '../../../fixtures/maker/random.js'
import type { Attack } from '../attack.js'
import { binary, quietNode } from '../processes.js'
import { bytesRead } from '../progress-of.js'

const KILLS = { quick: 2, long: 200 }
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'] as const
/** A whole pipe takes a few seconds where nothing else runs. */
const HANG_MS = 300_000

/**
 * Each program of a pipe writes its process number, then becomes itself; PIPESTATUS tells how each
 * ended. The vectors are long, so that record batches are of a few hundred rows and all four are at
 * work at once.
 */
const EXTRACT = `pcm-extract items.csv -m photo=text:photo@ngram,dim=2048 -m caption=text:caption@ngram,dim=2048 -c label=label`
const PROGRAMS = [
  `${EXTRACT} --no-pg`,
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
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    writeFileSync(join(folder, 'items.csv'), manifest(quick ? 400 : 2000))
    await runShell(PREPARE, folder)
    const whole = await runPipe(folder, 'undisturbed')
    if (whole.statuses.some(status => status !== 0)) throw new Error(whole.stderr)
    const expected = readFileSync(join(folder, 'undisturbed', 'out.arrows'))
    const most = quick ? KILLS.quick : KILLS.long
    let [late, tidied] = [0, 0]
    for (let [i, hits] = [0, 0]; hits < most; i++) {
      const draw = random(seed, 'pipes', i)
      const victim = Math.floor(draw.uniform() * PROGRAMS.length)
      const share = draw.uniform()
      const blow = { victim, signal: draw.pick(SIGNALS), after: share * whole.read[victim]! }
      const place = join(folder, `${i}`)
      const { statuses, stderr, hung } = await runPipe(folder, `${i}`, blow)
      const what = `blow ${i}: ${blow.signal} to program ${victim + 1} after ${Math.round(100 * share)} % of its input`
      const out = join(place, 'out.arrows')
      const written = existsSync(out) ? readFileSync(out) : undefined
      const tell = (text: string) => fault(`${what}: ${statuses.join(' ')}: ${text}: ${stderr}`)
      if (hung) tell('hung')
      if (/bug|\n\s+at /.test(stderr)) tell('a bug')
      // All was done when the blow came: the rows had passed, or the victim had ended.
      const missed = statuses[victim] === 0 || written?.equals(expected)
      if (missed) late++
      else {
        struck()
        hits++
        if (written) tell('a part of the rows, as a whole file')
        if (statuses.slice(victim).includes(0)) tell('success downstream')
        if (statuses.slice(0, victim).some(status => status !== 0)) tell('failure upstream')
      }
      const left = () => readdirSync(place).filter(name => !/^(pid\d|out\.arrows)$/.test(name))
      // Who is killed outright cannot tidy up: the file has no name of an output, and the next does it.
      if (left().length > 0 && blow.signal === 'SIGKILL' && victim === PROGRAMS.length - 1) {
        tidied++
        if (left().some(name => !name.startsWith('out.arrows.tmp.')))
          tell(`left ${left().join(' ')}`)
        await host.run('pcm-cat', ['classes.arrows', '-q', '-o', out], folder)
      }
      if (left().length > 0) tell(`left ${left().join(' ')}`)
      rmSync(place, { recursive: true })
    }
    figure('blows that came when all was done, and do not count', late)
    figure('unfinished files of the killed, removed by the next run', tidied)
  },
}

const PREPARE = [
  `${EXTRACT} --id label -o train.arrows`,
  `pcm-train train.arrows --epochs 1 --batch 16 --dim 8 -q -o model.arrows`,
  `pcm-embed train.arrows --model model.arrows -q -o classes.arrows`,
].join('\n')

const manifest = (rows: number): string => {
  const draw = random(0, 'pipes')
  const words = () => Array.from({ length: 6 }, () => draw.uniform().toString(36).slice(2, 6))
  const row = (i: number) => [`r${i}`, `l${i % 40}`, words().join(' '), words().join(' ')].join(',')
  return `id,label,photo,caption\n${Array.from({ length: rows }, (_, i) => row(i)).join('\n')}\n`
}

const quoted = (line: string): string => line.replace(/^(pcm-\w+)/, name => binary(name))

const runShell = (script: string, cwd: string) =>
  execa('bash', ['-ec', script.split('\n').map(quoted).join('\n')], {
    ...quietNode,
    cwd,
    stdin: 'ignore',
  })

interface Blow {
  victim: number
  /** Bytes that the victim has read by then, its own code included. */
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
  let ended = false
  const child = execa('bash', ['-c', `${parts.join(' | ')}\necho "\${PIPESTATUS[@]}"`], {
    ...quietNode,
    cwd: folder,
    stdin: 'ignore',
    stdout: 'pipe',
    reject: false,
    timeout: HANG_MS,
  })
  void child.then(() => (ended = true))
  const read = PROGRAMS.map(() => 0)
  let struck = false
  while (!ended) {
    for (const victim of PROGRAMS.keys()) {
      const pid = pidOf(place, victim)
      if (pid === undefined) continue
      read[victim] = bytesRead(pid) ?? read[victim]!
      if (struck || blow?.victim !== victim || read[victim] < blow.after) continue
      struck = true
      kill(pid, blow.signal)
    }
    await setTimeout(5)
  }
  const { stdout, stderr, timedOut: hung } = await child
  return { statuses: stdout.trim().split(' ').map(Number), stderr, hung, read }
}

const pidOf = (place: string, program: number): number | undefined => {
  const file = join(place, `pid${program}`)
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined
}

/** Its status tells whether it was still there. */
const kill = (pid: number, signal: Blow['signal']): void => {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended before.
  }
}
