import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { plainNode } from '../plain-node.js'
import { bash, probe, probePath } from './spawn.js'

t.test('each outcome has its status and at most one line and a hint', async t => {
  const outcomes: [act: string, status: number, stderr: string | RegExp][] = [
    ['args', 0, ''],
    ['incomplete', 1, ''],
    [
      'bad-data',
      65,
      "pcm-probe: f.arrows: column 'a': row 3 has 2 values, expected 4\n  look at it",
    ],
    ['missing-input', 66, 'pcm-probe: /no/such/file: no such file'],
    ['full-disk', 74, 'pcm-probe: no space left on the device'],
    ['bug', 70, /^pcm-probe: this is a bug: TypeError: .*\n  please report it.*PCM_DEBUG=1/],
    ['lost', 70, /^pcm-probe: this is a bug: Error: nobody waits for me\n/],
    ['stray', 70, /^pcm-probe: this is a bug: TypeError: /],
    ['never', 70, /^pcm-probe: this is a bug: Error: the program stopped without an outcome\n/],
    ['linger', 65, 'pcm-probe: something keeps the process alive'],
  ]
  for (const [act, status, stderr] of outcomes) {
    const result = await probe(['--act', act])
    t.equal(result.exitCode, status, `${act} ends with ${status}`)
    if (typeof stderr === 'string') t.equal(result.stderr, stderr)
    else t.match(result.stderr, stderr)
  }
})

t.test('a stack is shown only when asked for', async t => {
  t.notMatch((await probe(['--act', 'bug'])).stderr, /\n\s+at /)
  t.match((await probe(['--act', 'bug'], { PCM_DEBUG: '1' })).stderr, /\n\s+at /)
})

t.test('three megabytes reach a slow pipe whole', async t => {
  const { stdout } = await bash('$probe --act pour | { sleep 0.3; wc -c; }')
  t.equal(stdout.trim(), String(3 << 20))
})

t.test('a reader that leaves early is no error', async t => {
  const { stdout, stderr } = await bash('$probe --act pour | head -c 1; echo ${PIPESTATUS[0]}')
  t.equal(stdout, 'x0')
  t.equal(stderr, '')
})

t.test('a closed standard error changes nothing', async t => {
  t.equal((await bash('$probe --act log 2> >(exit 0); echo $?')).stdout, '0')
})

t.test('help is asked for on standard output, and nothing else has to be right', async t => {
  for (const args of [['-h'], ['--help'], ['--bogus', '--help'], ['--config', '/none', '-h']]) {
    const { exitCode, stdout, stderr } = await probe(args)
    t.equal(exitCode, 0)
    t.match(stdout, /^usage: pcm-probe \[OPTION\]\.\.\. \[INPUT\]\n/)
    t.equal(stderr, '')
  }
  t.match((await probe(['--', '--help'])).stdout, /"input":"--help"/, 'after -- it is a name')
})

t.test('a help text that cannot be written is an I/O error', async t => {
  t.equal((await bash('$probe --help > /dev/full; echo $?')).stdout, '74')
})

t.test('the version names what the results depend on', async t => {
  const { stdout } = await probe(['--version'])
  t.match(stdout, /^pcm-probe \d+\.\d+\.\d+ \(arrow 21\.2\.0, tfjs 4\.22\.0, schema 1\)$/)
})

t.test('the log holds everything that was said, in order', async t => {
  const file = join(t.testdir({}), 'log')
  const { stderr } = await probe(['--act', 'log', '-q', '--log', file])
  t.equal(stderr, '')
  const events = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.match(events, [
    { program: 'pcm-probe', event: 'note', time: /^\d{4}-/, text: 'a note' },
    { event: 'detail', text: 'a detail' },
    { event: 'warning', text: 'a warning' },
    { event: 'epoch', epoch: 1, loss: null },
  ])
  await probe(['--act', 'log', '--log', file, '--no-pg'])
  t.notMatch(readFileSync(file, 'utf8'), '"time"', 'without time, and in place of the old file')
})

t.test('people hear as much as they ask for', async t => {
  const heard = async (...args: string[]) => (await probe(['--act', 'log', ...args])).stderr
  t.equal(await heard(), 'pcm-probe: a note\npcm-probe: warning: a warning')
  t.match(await heard('-v'), 'pcm-probe: a detail\n')
  t.equal(await heard('-q'), '')
})

t.test('a log that cannot be written is an I/O error', async t => {
  for (const path of ['/dev/full', '/no/such/dir/log']) {
    const { exitCode, stderr } = await probe(['--act', 'log', '--log', path])
    t.equal(exitCode, 74)
    t.match(stderr, `pcm-probe: ${path}: cannot write the log`)
  }
})

t.test('where nobody looks, progress is a few plain lines', async t => {
  const { stderr } = await probe(['--act', 'lines'])
  const lines = stderr.split('\n')
  t.ok(lines.length <= 2, 'at most one for each doubling after the first second')
  for (const line of lines) t.match(line, /^pcm-probe: step \d+\/1000, .*loss 0\.0\d+$/)
  t.equal((await probe(['--act', 'lines', '--no-progress'])).stderr, '')
})

t.test('signals', async t => {
  const start = async (act: string) => {
    const child = spawn(...plainNode(probePath, '--act', act))
    let heard = ''
    child.stdout.on('data', chunk => (heard += chunk))
    const ended = once(child, 'close')
    await once(child.stdout, 'data')
    return { child, ended, heard: () => heard }
  }
  await t.test('kill a program that does not poll, after it has tidied up', async t => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { child, ended, heard } = await start('sleep')
      child.kill(signal)
      t.same(await ended, [null, signal])
      t.equal(heard(), 'ready\ntidied\n')
    }
  })
  await t.test('are seen by one that polls, which ends its own way', async t => {
    const { child, ended, heard } = await start('poll')
    child.kill('SIGTERM')
    t.same(await ended, [75, null])
    t.equal(heard(), 'ready\nSIGTERM\n')
  })
  await t.test('a second one ends that too', async t => {
    const { child, ended } = await start('poll')
    child.kill('SIGINT')
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    t.same(await ended, [null, 'SIGINT'])
  })
  await t.test('SIGUSR1 asks for a checkpoint and nothing more', async t => {
    const { child, ended, heard } = await start('poll')
    child.kill('SIGUSR1')
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    await ended
    t.equal(heard(), 'ready\ncheckpoint 1\nSIGTERM\n')
  })
})

t.test('the provenance record holds the command as typed and the effective options', async t => {
  const { stdout } = await probe(['--act', 'record', '--seed=7', '--threads', '3', '-o', "it's"])
  t.same(JSON.parse(stdout), {
    pn: 'pcm-probe',
    vn: '0.1.0',
    cl: `pcm-probe --act record --seed=7 --threads 3 -o 'it'\\''s'`,
    seed: 7,
    threads: 3,
    config: { act: 'record', device: 'auto' },
  })
})
