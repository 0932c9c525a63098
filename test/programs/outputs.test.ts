import { execa } from 'execa'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { plainNode } from '../plain-node.js'
import { command, faultOf, fixture, pathOf, pcm, shell, type Name } from './program.js'

/** What happens at the other end: a terminal, a full disk, a reader that has gone. */
const folder = t.testdir()
const stream = (name: string) => fixture(`broken/streams/${name}.arrows`)
const model = join(folder, 'model.arrows')
const training = [stream('features'), '--epochs', '1', '--batch', '8', '--dim', '4', '--quiet']

/** A run of each program that succeeds, and whether what it writes is binary. */
const RUNS: Record<Name, { args: string[]; binary: boolean }> = {
  extract: { args: [fixture('world/items.csv'), '-m', 'attr=vector:attr_*'], binary: true },
  train: { args: training, binary: true },
  embed: { args: [stream('features'), '--model', model], binary: true },
  eval: { args: [stream('embeddings')], binary: false },
  plot: { args: [stream('embeddings'), '--format', 'png'], binary: true },
  zeroshot: {
    args: [stream('embeddings'), '--classes', stream('prototypes'), '--format', 'json'],
    binary: false,
  },
}
const NAMES = Object.keys(RUNS) as Name[]
const quoted = (words: string[]) => words.map(word => `'${word}'`).join(' ')

t.before(async () => {
  const made = await pcm('train', [...training, '-o', model])
  if (made.status !== 0) throw new Error(made.stderr)
})

const script = await execa('script', ['--version'], { reject: false })
const NO_SCRIPT = script.exitCode === 0 ? false : 'not run: no script(1) to make a terminal with'
t.test('binary output to a terminal is refused, text is not', { skip: NO_SCRIPT }, async t => {
  for (const name of NAMES) {
    const { args, binary } = RUNS[name]
    const line = `${command(name)} ${quoted(args)} < /dev/null`
    const ended = await execa('script', ['-qec', line, '/dev/null'], {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
      timeout: 60_000,
    })
    t.equal(ended.exitCode, binary ? 64 : 0, `pcm-${name}: ${ended.stdout}`)
    if (binary) t.match(ended.stdout, /terminal/, 'the reason is given')
  }
})

const NO_FULL = existsSync('/dev/full') ? false : 'not run: no /dev/full'
t.test('a full disk is an I/O error, on stdout and with -o', { skip: NO_FULL }, async t => {
  for (const name of NAMES) {
    const line = `${command(name)} ${quoted(RUNS[name].args)}`
    for (const target of ['> /dev/full', '-o /dev/full']) {
      const ended = await shell(`${line} ${target}`, folder)
      t.equal(ended.status, 74, `pcm-${name} ${target}: ${ended.stderr}`)
      t.equal(faultOf(name, ended.stderr), '', `pcm-${name} ${target}: one line`)
    }
  }
})

t.test('a reader that leaves early is no failure and is met with silence', async t => {
  for (const name of NAMES) {
    // Quiet: what they say of their success they may say before the reader leaves.
    const args = [...new Set([...RUNS[name].args, '--quiet'])]
    const line = `{ ${command(name)} ${quoted(args)}; echo $? > status; } | head -c 1`
    const ended = await shell(`${line} > /dev/null`, folder)
    t.equal((await readFile(join(folder, 'status'), 'utf8')).trim(), '0', `pcm-${name}`)
    t.equal(ended.stderr, '', `pcm-${name} says nothing`)
  }
})

t.test('a failed run leaves a named output as it was, and nothing beside it', async t => {
  const empty = t.testdir({ 'out.arrows': 'what was here before' })
  for (const name of NAMES) {
    const bad = name === 'extract' ? fixture('broken/inputs/quotes.csv') : stream('features-cut')
    const args = [bad, ...RUNS[name].args.slice(1), '-o', join(empty, 'out.arrows')]
    const ended = await pcm(name, args)
    t.equal(ended.status, 65, `pcm-${name}: ${ended.stderr}`)
    t.same(await readdir(empty), ['out.arrows'], `pcm-${name} leaves nothing beside`)
    t.equal(await readFile(join(empty, 'out.arrows'), 'utf8'), 'what was here before')
  }
})

t.test('an unwritable place is named', async t => {
  for (const name of NAMES) {
    const ended = await pcm(name, [...RUNS[name].args, '-o', '/nowhere/at/all.arrows'])
    t.equal(ended.status, 74, `pcm-${name}: ${ended.stderr}`)
    t.equal(faultOf(name, ended.stderr), '', `pcm-${name}: one line`)
    t.match(ended.stderr, '/nowhere/at', 'the place is named')
  }
})

t.test('a program upstream that is killed takes the pipe down with it', async t => {
  const whole = await readFile(stream('features'))
  const DOWNSTREAM: [Name, string[]][] = [
    ['train', training.slice(1)],
    ['embed', ['--model', model]],
    ['eval', []],
    ['zeroshot', RUNS.zeroshot.args.slice(1)],
  ]
  for (const [name, args] of DOWNSTREAM) {
    // pcm-embed has read half of its input and waits for the rest when it is killed.
    const upstream = spawn(...plainNode(pathOf('embed'), '--model', model), {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const killed = once(upstream, 'exit')
    upstream.stdin.write(whole.subarray(0, Math.floor(whole.length / 2)))
    const downstream = pcm(name, args, { input: upstream.stdout })
    setTimeout(() => upstream.kill('SIGKILL'), 1500)
    t.same(await killed, [null, 'SIGKILL'], 'it was killed while it waited')
    const ended = await downstream
    t.equal(ended.status, 65, `pcm-${name}: ${ended.stderr}`)
    t.equal(faultOf(name, ended.stderr), '', `pcm-${name}: one line`)
  }
})
