import { execa } from 'execa'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Thread } from '../../lib/threads/thread.js'

const MODULE = new URL('./multiply.js', import.meta.url)
const ROWS = 1500

/** What a thread says until it has ended. */
const heard = (thread: Thread): string[] => {
  const said: string[] = []
  thread.worker.on('message', (text: string) => said.push(text))
  return said
}

t.test('a thread that is ended ends the work at hand, and begins no other', async t => {
  const thread = new Thread(MODULE, ROWS)
  const said = heard(thread)
  for (const name of ['first', 'second']) thread.worker.postMessage(name)
  await once(thread.worker, 'message')
  await thread.end()
  t.equal(said[0], 'first begins')
  t.notOk(said.some(text => /NaN|undefined/.test(text)))
  t.equal(process.listeners('exit').filter(({ name }) => name === 'haltAll').length, 0)
})

/** Runs a program that has a thread, in a process of its own. */
const alone = async (t: Test, rows: number, program: string, env = process.env) => {
  const folder = t.testdir({
    'program.mjs': `
      import { Thread } from '${new URL('../../lib/threads/thread.js', import.meta.url).href}'
      const thread = new Thread(new URL('${MODULE.href}'), ${rows})
      ${program}`,
  })
  return await execa('node', [join(folder, 'program.mjs')], {
    reject: false,
    env,
    extendEnv: false,
  })
}

t.test('a process that leaves while a thread computes leaves with the status it says', async t => {
  const program = `
    thread.worker.on('message', () => process.exit(65))
    for (const name of ['first', 'second', 'third']) thread.worker.postMessage(name)`
  for (let round = 0; round < 5; round++) {
    const { exitCode, signal, stderr } = await alone(t, ROWS, program)
    t.equal(signal ?? exitCode, 65)
    t.equal(stderr, '')
  }
})

t.test('a process that leaves while a thread begins leaves with the status it says', async t => {
  const { exitCode, signal } = await alone(t, 8, 'setTimeout(() => process.exit(65), 150)')
  t.equal(signal ?? exitCode, 65)
})

t.test('onnxruntime reports nothing and leaves no log from a thread either', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'pcm-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env
  const program = `
    thread.worker.on('message', text => /ends/.test(text) && thread.end())
    thread.worker.postMessage('one')`
  const { exitCode } = await alone(t, 8, program, { ...env, TMPDIR: folder, HOME: folder })
  t.equal(exitCode, 0)
  t.same(readdirSync(folder), [])
})
