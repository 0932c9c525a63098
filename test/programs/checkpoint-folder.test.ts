import { execa } from 'execa'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { command, faultOf } from './program.js'
import { LINE, makeFeatures, startTraining, train } from './training.js'

/** A folder of checkpoints that is taken, full, or not to be written. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
const SHORT = ['--epochs', '12', '-o', 'model.arrows']
const CHECKPOINT = ['--checkpoint', 'ck', '--checkpoint-every', '4', '--resume']

t.before(async () => await makeFeatures(at('features.arrows')))
t.beforeEach(() => {
  for (const name of ['ck', 'log']) rmSync(at(name), { recursive: true, force: true })
})

const sh = (line: string, ...before: string[]) =>
  execa([...before, 'sh'][0]!, [...before.slice(1), ...(before.length ? ['sh'] : []), '-c', line], {
    ...{ cwd: folder, reject: false, stdin: 'ignore', timeout: 60_000 },
  })
const words = (...args: string[]) => args.map(word => `'${word}'`).join(' ')
const line = (...args: string[]) => `${command('train')} ${words(...LINE, ...SHORT, ...args)}`

t.test('two runs do not share one: the second is told who has it', async t => {
  const endless = ['--epochs', '1000000', '-o', 'other.arrows', '--checkpoint', 'ck']
  const { child, reaches } = startTraining(folder, ...endless)
  await reaches('checkpoint')
  const second = await train(folder, ...SHORT, ...CHECKPOINT)
  t.equal(second.status, 74)
  t.equal(faultOf('train', second.stderr), '')
  t.match(
    second.stderr,
    `ck: another run writes its checkpoints there (process ${child.pid} on ${hostname()}`,
  )
  child.kill('SIGKILL')
  await child
  t.ok(readdirSync(at('ck')).includes('lock'), 'a killed run leaves its lock')
  const third = await train(folder, ...SHORT, ...CHECKPOINT)
  t.equal(third.status, 64, 'which holds nobody up')
  t.match(third.stderr, '--epochs was 1000000, is 12')
  t.notOk(readdirSync(at('ck')).includes('lock'))
})

t.test('a folder that cannot be is named', async t => {
  for (const path of ['features.arrows', 'features.arrows/ck', '/proc/ck']) {
    const ended = await train(folder, ...SHORT, '--checkpoint', path)
    t.equal(ended.status, 74, path)
    t.equal(faultOf('train', ended.stderr), '')
    t.match(ended.stderr, `${path}: cannot be written: `)
  }
})

/** After a full disk: the checkpoints that are there are whole, and the run can go on from them. */
const goesOn = async (t: Test, kept: string) => {
  const names = readdirSync(at(kept))
  t.ok(names.length > 0 && names.every(name => /^step-\d{10}\.arrows$/.test(name)), `${names}`)
  const resumed = await train(folder, ...SHORT, '--checkpoint', kept, '--resume')
  t.equal(resumed.status, 0, resumed.stderr)
  t.match(resumed.stderr, `goes on from ${kept}/${names.sort().at(-1)}`)
  const bytes = readFileSync(at('model.arrows'))
  await train(folder, ...SHORT)
  t.ok(readFileSync(at('model.arrows')).equals(bytes), 'to the bytes of an undisturbed run')
}

t.test('a file that may not grow is an I/O error, and the checkpoint before stays', async t => {
  await train(folder, ...SHORT, ...CHECKPOINT)
  const first = readdirSync(at('ck')).sort()[0]!
  for (const name of readdirSync(at('ck'))) if (name !== first) rmSync(at(`ck/${name}`))
  const ended = await sh(`ulimit -f 8; exec ${line(...CHECKPOINT)}`)
  t.equal(ended.exitCode, 74, ended.stderr)
  t.match(ended.stderr, /ck\/step-\d{10}\.arrows: cannot be written: file too large/)
  t.same(readdirSync(at('ck')), [first])
  await goesOn(t, 'ck')
})

const NO_MOUNT =
  (await sh('mount -t tmpfs none /mnt', 'unshare', '-m')).exitCode === 0
    ? false
    : 'not run: no right to mount'
t.test('a full disk is one too', { skip: NO_MOUNT }, async t => {
  rmSync(at('kept'), { recursive: true, force: true })
  mkdirSync(at('ck'))
  await train(folder, ...SHORT, '--checkpoint', 'kept', '--checkpoint-every', '4')
  const size = readFileSync(at(`kept/${readdirSync(at('kept'))[0]!}`)).length
  rmSync(at('kept'), { recursive: true })
  // Room for two and a half.
  const script = `mount -t tmpfs -o size=${Math.floor(size * 2.5)} none ck; ${line(...CHECKPOINT)}
    status=$?; cp -r ck kept; exit $status`
  const ended = await sh(script, 'unshare', '-m')
  t.equal(ended.exitCode, 74, ended.stderr)
  t.match(ended.stderr, /ck\/step-\d{10}\.arrows: cannot be written: no space left on device/)
  await goesOn(t, 'kept')
})

t.test('so is a file system that is read only', { skip: NO_MOUNT }, async t => {
  mkdirSync(at('ck'))
  const ended = await sh(`mount -t tmpfs -o ro none ck; ${line(...CHECKPOINT)}`, 'unshare', '-m')
  t.equal(ended.exitCode, 74, ended.stderr)
  t.match(ended.stderr, 'ck: cannot be written: read-only file system')
})

t.test('features beyond --memory give the same bytes, and leave no file', async t => {
  mkdirSync(at('tmp'), { recursive: true })
  await train(folder, ...SHORT)
  const bytes = readFileSync(at('model.arrows'))
  const ended = await sh(`TMPDIR='${at('tmp')}' ${line('--memory', '1K')}`)
  t.equal(ended.exitCode, 0, ended.stderr)
  t.match(ended.stderr, /\d+\.\d MiB of \d+\.\d MiB of features wait in a temporary file/)
  t.ok(readFileSync(at('model.arrows')).equals(bytes))
  t.same(readdirSync(at('tmp')), [])
  const full = await sh(`export TMPDIR='${at('tmp')}'; ulimit -f 1; exec ${line('--memory', '1K')}`)
  t.equal(full.exitCode, 74, full.stderr)
  t.match(
    full.stderr,
    /tmp: the temporary file of --memory: cannot be written: file too large\n {2}set/,
  )
  t.same(readdirSync(at('tmp')), [])
})
