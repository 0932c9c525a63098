import { execa } from 'execa'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { plainNode } from '../plain-node.js'
import { root } from '../sandbox.js'

t.setTimeout(300_000)

/** A vector of 1 MiB a row makes record batches of 7 rows. */
const ROWS = 30
const folder = t.testdir({})
const manifest = `${folder}/m.csv`
const rows = Array.from({ length: ROWS }, (_, row) => `i${row},${`word${row} `.repeat(2000)}`)
writeFileSync(manifest, `id,t\n${rows.join('\n')}\n`)

const start = (name: string, ...more: string[]) =>
  execa(
    ...plainNode(
      `${root}/dist/bin/pcm-extract.js`,
      manifest,
      ...['-m', 't=text:t@ngram,dim=262144', '--no-pg', '-o', `${folder}/${name}`, ...more],
    ),
    { reject: false },
  )

/** Waits until so many batches are safe. */
const batches = async (name: string, count: number): Promise<void> => {
  const log = `${folder}/${name}.partial.log`
  const safe = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 2 : 0)
  while (safe() < count && !existsSync(`${folder}/${name}`)) await setTimeout(5)
}

const bytesOf = (name: string) => readFileSync(`${folder}/${name}`)

t.before(async () => {
  await start('whole')
})

t.test('killed twice, then run to the end: the bytes of a run without --resume', async t => {
  for (const count of [1, 3]) {
    const running = start('killed', '--resume')
    await batches('killed', count)
    running.kill('SIGKILL')
    await running
  }
  const unfinished = existsSync(`${folder}/killed.partial`)
  const { exitCode, stderr } = await start('killed', '--resume')
  t.equal(exitCode, 0)
  if (unfinished) t.match(stderr, /\d+ of 30 items were done before/)
  t.ok(bytesOf('killed').equals(bytesOf('whole')))
})

t.test('killed at any moment, again and again: no item twice, none lost', async t => {
  const more = ['--on-error', 'skip', '--threads', '2']
  const began = performance.now()
  await start('undisturbed', ...more)
  const lasted = performance.now() - began
  for (let kill = 0; kill < 3; kill++) {
    const share = Math.random()
    const running = start('disturbed', '--resume', ...more)
    await setTimeout(share * lasted)
    running.kill('SIGKILL')
    const { exitCode } = await running
    t.comment(`killed after ${share.toFixed(2)} of the time: ${exitCode ?? 'SIGKILL'}`)
    if (exitCode !== undefined) break
  }
  const { exitCode } = await start('disturbed', '--resume', ...more)
  t.equal(exitCode, 0)
  t.ok(bytesOf('disturbed').equals(bytesOf('undisturbed')))
})

t.test('SIGTERM is obeyed after a batch, with 75', async t => {
  const running = start('stopped', '--resume')
  // The second batch is begun after the program has asked for signals; the last may be done by now.
  await batches('stopped', 2)
  running.kill('SIGTERM')
  const { exitCode, stderr } = await running
  t.comment(`${exitCode}: ${stderr}`)
  if (exitCode !== 0) {
    t.equal(exitCode, 75)
    t.match(stderr, /stopped at \d+ of 30 items\n {2}run again to go on/)
  }
  t.equal((await start('stopped', '--resume')).exitCode, 0)
  t.ok(bytesOf('stopped').equals(bytesOf('whole')))
})

t.test('other options are refused; without a file there is nothing to go on with', async t => {
  const running = start('other', '--resume')
  await batches('other', 1)
  running.kill('SIGKILL')
  await running
  const { exitCode, stderr } = await start('other', '--resume', '--where', 'id=i1')
  t.equal(exitCode, 65)
  t.match(stderr, /other\.partial: was begun with another --where/)
  const piped = await execa(
    ...plainNode(`${root}/dist/bin/pcm-extract.js`, manifest, '-m', 't=text:t', '--resume'),
    { reject: false },
  )
  t.equal(piped.exitCode, 64)
  t.match(piped.stderr, /--resume needs a file/)
})
