import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../../fixtures/maker/random.js'
import { plainNode } from '../../plain-node.js'
import { fixture, pathOf, pcm } from '../../programs/program.js'
import type { Attack } from '../attack.js'
import { ticksUsed } from '../progress-of.js'

const KILLS = { quick: 3, long: 200 }

/** What is trained, in turns: everything that a checkpoint must hold is in one of them. */
const LINES: string[][] = [
  ['--epochs', '250', '--checkpoint-every', '5'],
  ['--epochs', '150', '--refit', '--loss', 'pcmr', '--checkpoint-every', '1'],
  ['--epochs', '300', '--patience', '150', '--temperature', 'per-pair'],
  ['--epochs', '250', '--memory', '1K', '--checkpoint-every', '7'],
  ['--epochs', '100', '--loss', 'itc', '--queue', '256', '--checkpoint-every', '3'],
]

/**
 * A training is killed at any moment of its life, start and end included, and started again by the
 * same command until it ends. Its model then has the bytes of one that was never stopped, and
 * nothing is left but the checkpoints.
 */
export const killTraining: Attack = {
  name: 'kill-training',
  summary: 'trainings killed at random times (SIGKILL) and resumed: the same bytes in the end',
  unit: 'kills',
  goal: KILLS.long,
  async run({ quick, seed, folder, struck, fault, figure }) {
    const draw = random(seed, 'kill-training')
    const most = quick ? KILLS.quick : KILLS.long
    await makeFeatures(folder)
    let [kills, trainings, resumed] = [0, 0, 0]
    for (; kills < most; trainings++) {
      const line = LINES[trainings % LINES.length]!
      const wanted = await undisturbed(folder, line)
      const command = [...line, '--checkpoint', 'ck', '--resume', '-o', 'model.arrows']
      const told = `kill ${kills + 1}, ${line.join(' ')}`
      for (;;) {
        const after = kills < most ? draw.uniform() * wanted.used : undefined
        const { signal, status, stderr } = await runFor(folder, command, after)
        if (stderr.includes('goes on from')) resumed++
        if (signal === 'SIGKILL') {
          kills++
          struck()
          continue
        }
        if (status !== 0) fault(`${told}: status ${status ?? signal}: ${stderr}`)
        else if (!readFileSync(join(folder, 'model.arrows')).equals(wanted.bytes))
          fault(`${told}: another model than that of an undisturbed run`)
        break
      }
      const left = leftovers(folder)
      if (left.length > 0) fault(`${told}: left ${left.join(', ')}`)
      for (const name of ['ck', 'model.arrows'])
        rmSync(join(folder, name), { recursive: true, force: true })
    }
    figure('trainings', trainings)
    figure('starts that went on from a checkpoint', resumed)
  },
}

const makeFeatures = async (folder: string): Promise<void> => {
  mkdirSync(join(folder, 'tmp'))
  const columns = ['-m', 'attr=vector:attr_*', '-m', 'class=category:class', '-c', 'split=split']
  const to = ['-o', join(folder, 'features.arrows')]
  const { status, stderr } = await pcm('extract', [fixture('world/items.csv'), ...columns, ...to])
  if (status !== 0) throw new Error(stderr)
}

const undisturbed = async (folder: string, line: string[]) => {
  const args = line.filter((word, i) => ![word, line[i - 1]].includes('--checkpoint-every'))
  const { status, stderr, used } = await runFor(folder, [...args, '-o', 'model.arrows'], undefined)
  if (status !== 0) throw new Error(stderr)
  const bytes = readFileSync(join(folder, 'model.arrows'))
  rmSync(join(folder, 'model.arrows'))
  return { bytes, used }
}

/** Runs pcm-train, and kills it once it has used so much of processors, where it has not ended by then. */
const runFor = async (folder: string, args: string[], most = Infinity) => {
  const line = [pathOf('train'), 'features.arrows', '--no-pg', '--dim', '16', '--threads', '1']
  const child = spawn(...plainNode(...line, ...args), {
    cwd: folder,
    env: { ...process.env, TMPDIR: join(folder, 'tmp') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let [stderr, used] = ['', 0]
  child.stderr.on('data', chunk => (stderr += chunk))
  const timer = setInterval(() => {
    used = ticksUsed(child.pid!) ?? used
    if (used >= most) child.kill('SIGKILL')
  }, 5)
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearInterval(timer)
  return { status, signal, stderr, used }
}

/** What should not be there once a training has come to its end. */
const leftovers = (folder: string): string[] => [
  ...readdirSync(folder).filter(
    name => !['ck', 'features.arrows', 'model.arrows', 'tmp'].includes(name),
  ),
  ...readdirSync(join(folder, 'tmp')).map(name => `tmp/${name}`),
  ...readdirSync(join(folder, 'ck')).filter(name => !/^step-\d{10}\.arrows$/.test(name)),
]
