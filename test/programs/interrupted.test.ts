import { execa } from 'execa'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { plainNode } from '../plain-node.js'
import { fixture, root } from './program.js'

/** A program that is stopped while it waits for the rest of its input, at the latest. */
const stream = (name: string) => fixture(`broken/streams/${name}.arrows`)
const folder = t.testdir()
const model = join(folder, 'model.arrows')

/** What comes through standard input, and the words that follow the name. */
const RUNS: Record<string, { input: string; args: string[] }> = {
  extract: { input: fixture('world/items.csv'), args: ['-', '-m', 'attr=vector:attr_*'] },
  train: { input: stream('features'), args: ['-', '--epochs', '1', '--batch', '8', '--dim', '4'] },
  embed: { input: stream('features'), args: ['-', '--model', model] },
  eval: { input: stream('embeddings'), args: ['-', '--format', 'json'] },
  zeroshot: {
    input: stream('embeddings'),
    args: ['-', '--classes', stream('prototypes'), '--modality', 'photo', '--predictions'],
  },
  cat: { input: stream('features'), args: [stream('features'), '-'] },
  join: { input: stream('features'), args: ['-'] },
  info: { input: stream('features'), args: ['-'] },
  convert: { input: stream('features'), args: ['-', '--to', 'jsonl'] },
}

const start = (name: string, place: string) => {
  mkdirSync(place)
  const bytes = readFileSync(RUNS[name]!.input)
  const child = execa(
    ...plainNode(`${root}dist/bin/pcm-${name}.js`, ...RUNS[name]!.args, '-q', '-o', 'out'),
    { cwd: place, reject: false, stdin: 'pipe', timeout: 120_000, buffer: true },
  )
  child.stdin.on('error', () => {})
  const half = Math.floor(bytes.length / 2)
  child.stdin.write(bytes.subarray(0, half))
  return { child, rest: bytes.subarray(half) }
}

/** Until it has opened its output: from then on there is something that could be left behind. */
const untilOpen = async (place: string): Promise<void> => {
  for (let left = 600; left > 0 && readdirSync(place).length === 0; left--) await setTimeout(50)
}

t.before(async () => {
  const args = [
    stream('features'),
    '--epochs',
    '1',
    '--batch',
    '8',
    '--dim',
    '4',
    '-q',
    '-o',
    model,
  ]
  await execa(...plainNode(`${root}dist/bin/pcm-train.js`, ...args))
})

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)
  t.test(`${signal} leaves nothing behind`, async t => {
    const runs = Object.keys(RUNS).map(async name => {
      const place = join(folder, `${name}-${signal}`)
      const { child } = start(name, place)
      await untilOpen(place)
      child.kill(signal)
      const ended = await child
      t.equal(ended.signal ?? ended.exitCode, ended.signal ? signal : status, `pcm-${name}`)
      t.same(readdirSync(place), [], `pcm-${name} leaves nothing`)
      t.notMatch(ended.stderr, /\n\s+at /)
    })
    await Promise.all(runs)
  })

t.test("what SIGKILL leaves is named as no output, and in nobody's way", async t => {
  const runs = Object.keys(RUNS).map(async name => {
    const place = join(folder, `${name}-SIGKILL`)
    const { child } = start(name, place)
    await untilOpen(place)
    child.kill('SIGKILL')
    await child
    const left = readdirSync(place)
    t.ok(
      left.every(file => /^out\.tmp\./.test(file)),
      `pcm-${name}: ${left.join(' ')}`,
    )
  })
  await Promise.all(runs)
})

t.test('stopped and continued, a run ends as if nothing had been', async t => {
  const name = 'embed'
  const place = join(folder, 'continued')
  const { child, rest } = start(name, place)
  await untilOpen(place)
  child.kill('SIGSTOP')
  await setTimeout(200)
  child.kill('SIGCONT')
  child.stdin.end(rest)
  const ended = await child
  t.equal(ended.exitCode, 0, ended.stderr)
  t.same(readdirSync(place), ['out'])
})
