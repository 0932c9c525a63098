import { execa } from 'execa'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { plainNode } from '../plain-node.js'
import { command, pathOf } from './program.js'
import { LINE, makeFeatures, startTraining, train } from './training.js'

/** What schedulers, terminals and people send to a training. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
/** For ever, until a signal comes. */
const ENDLESS = ['--epochs', '1000000', '-o', 'model.arrows']
const CHECKPOINT = ['--checkpoint', 'ck', '--resume']

t.before(async () => await makeFeatures(at('features.arrows')))
t.beforeEach(() => {
  for (const name of ['ck', 'log', 'model.arrows'])
    rmSync(at(name), { recursive: true, force: true })
})

t.test('without checkpoints the first signal ends it after the step, without a model', async t => {
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    rmSync(at('log'), { force: true })
    const { child, reaches } = startTraining(folder, ...ENDLESS)
    await reaches('epoch')
    child.kill(signal)
    const { exitCode, stderr } = await child
    t.equal(exitCode, status)
    t.match(stderr, `${signal}: stopping after this step`)
    t.same((await readdir(folder)).sort(), ['features.arrows', 'log'], 'nothing is left')
  }
})

t.test('with checkpoints it ends with 75, and the same command goes on', async t => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    rmSync(at('log'), { force: true })
    const { child, reaches } = startTraining(folder, ...ENDLESS, ...CHECKPOINT)
    await reaches('epoch')
    child.kill(signal)
    t.equal((await child).exitCode, 75, signal)
    t.notOk(existsSync(at('model.arrows')), 'no model')
    t.match((await readdir(at('ck'))).at(-1), /^step-\d{10}\.arrows$/, 'and no lock')
  }
  t.match(readFileSync(at('log'), 'utf8'), '"event":"resume"', 'the second run went on')
})

t.test('a run that was stopped four times gives the bytes of one that was not', async t => {
  const EPOCHS = ['--epochs', '400', '-o', 'model.arrows']
  const undisturbed = await train(folder, ...EPOCHS, '-q')
  t.equal(undisturbed.status, 0, undisturbed.stderr)
  const bytes = readFileSync(at('model.arrows'))
  let stops = 0
  for (let i = 0; i < 4; i++) {
    rmSync(at('log'), { force: true })
    const { child, reaches } = startTraining(folder, ...EPOCHS, ...CHECKPOINT)
    await reaches('epoch')
    child.kill('SIGTERM')
    if ((await child).exitCode === 75) stops++
  }
  t.ok(stops >= 2, `${stops} stops`)
  t.equal((await train(folder, ...EPOCHS, ...CHECKPOINT)).status, 0)
  t.ok(readFileSync(at('model.arrows')).equals(bytes))
})

t.test('a second SIGINT ends it now', async t => {
  // Steps so long that the first signal cannot have ended it.
  const slow = ['--batch', '400', '--dim', '2048', '--head', 'mlp', '--hidden', '2048']
  const { child } = startTraining(folder, ...ENDLESS, ...slow)
  while (!readSafely(at('log')).includes('"event":"start"')) await sleep(20)
  await sleep(200)
  child.kill('SIGINT')
  await sleep(100)
  child.kill('SIGINT')
  const { signal, exitCode } = await child
  t.ok(signal === 'SIGINT' || exitCode === 130, `${signal} ${exitCode}`)
  t.same((await readdir(folder)).sort(), ['features.arrows', 'log'], 'nothing is left')
})

t.test('SIGUSR1 asks for a checkpoint, and the run goes on', async t => {
  // An epoch is over at once, but writing may take a twentieth of the time only.
  const { child, reaches } = startTraining(folder, ...ENDLESS, ...CHECKPOINT)
  await reaches('checkpoint')
  const before = checkpoints()
  child.kill('SIGUSR1')
  while (checkpoints() === before) await sleep(5)
  await sleep(50)
  t.equal(child.exitCode, null, 'it goes on')
  child.kill('SIGTERM')
  t.equal((await child).exitCode, 75)
})

t.test(
  'while features are still coming, SIGTERM ends it at once, with 75 if it can go on',
  async t => {
    for (const [args, status] of [
      [CHECKPOINT, 75],
      [[], 'SIGTERM'],
    ] as const) {
      rmSync(at('ck'), { recursive: true, force: true })
      const line = ['-', ...LINE.slice(1), ...ENDLESS, ...args]
      const child = execa(...plainNode(pathOf('train'), ...line), {
        ...{ cwd: folder, reject: false, stdin: 'pipe' },
      })
      child.stdin.write(readFileSync(at('features.arrows')).subarray(0, 4000))
      // The output is opened last before reading begins.
      while (!(await readdir(folder)).some(name => name.startsWith('model.'))) await sleep(20)
      child.kill('SIGTERM')
      const ended = await child
      t.equal(ended.signal ?? ended.exitCode, status)
      t.notOk(existsSync(at('ck/lock')), 'the folder is free')
    }
  },
)

t.test('stopped and continued, it goes on', async t => {
  const { child, reaches } = startTraining(folder, '--epochs', '200', '-o', 'model.arrows')
  await reaches('epoch')
  child.kill('SIGSTOP')
  await sleep(100)
  child.kill('SIGCONT')
  t.equal((await child).exitCode, 0)
})

const LAUNCHER = `#!/bin/sh
trap 'kill -TERM $step' TERM
"$@" & step=$!
while kill -0 $step 2>/dev/null; do wait $step; status=$?; done
exit $status
`

const words = (...args: string[]) => args.map(word => `'${word}'`).join(' ')
const shell = (line: string) =>
  execa('sh', ['-c', line], { cwd: folder, reject: false, timeout: 60_000 })

t.test('under nohup the end of the session is no end', async t => {
  const line = words(...LINE, '--epochs', '300', '-o', 'model.arrows', '--log', 'log')
  const script = `nohup ${command('train')} ${line} > out 2>&1 & pid=$!
    until grep -qs '"event":"epoch"' log; do sleep 0.02; done; kill -HUP $pid; wait $pid`
  t.equal((await shell(script)).exitCode, 0)
  t.ok(existsSync(at('model.arrows')))
})

t.test('standard input may be closed', async t => {
  const line = words(...LINE, '--epochs', '2', '-o', 'model.arrows')
  const ended = await shell(`${command('train')} ${line} <&-`)
  t.equal(ended.exitCode, 0, ended.stderr)
})

t.test('signals to the whole group, as srun sends them, stop it once', async t => {
  // A launcher that hands the signal on to its step, which the group has had already.
  writeFileSync(at('srun'), LAUNCHER)
  await chmod(at('srun'), 0o755)
  const line = [...LINE, ...ENDLESS, ...CHECKPOINT, '--log', 'log']
  const child = execa('./srun', plainNode(pathOf('train'), ...line).flat(), {
    ...{ cwd: folder, reject: false, stdin: 'ignore', detached: true },
  })
  while (!readSafely(at('log')).includes('"event":"epoch"')) await sleep(10)
  process.kill(-child.pid!, 'SIGTERM')
  t.equal((await child).exitCode, 75)
  rmSync(at('srun'))
})

const readSafely = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const checkpoints = (): number => readSafely(at('log')).split('"event":"checkpoint"').length
