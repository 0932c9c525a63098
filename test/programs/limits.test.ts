import { execa } from 'execa'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { plainNode, plainNodeCommand } from '../plain-node.js'
import { fixture, root } from './program.js'

/** What the machine runs out of, and what a caller may have closed: one line, and the right status. */
const stream = fixture('broken/streams/features.arrows')

/** Runs a line of bash in which $cat, $info and $extract stand for programs. */
const bash = async (line: string, cwd: string) => {
  const program = (name: string) => plainNodeCommand(`${root}dist/bin/pcm-${name}.js`)
  const whole = line.replace(/\$(cat|info|extract)\b/g, (_, name: string) => program(name))
  const { exitCode, stdout, stderr } = await execa('bash', ['-c', whole], {
    cwd,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  })
  return { status: exitCode, stdout, stderr }
}

const ONE_LINE = /^pcm-\w+: .*(\n  .*)?$/

t.test('a file may grow no further: status 74, nothing is left', async t => {
  const folder = t.testdir({ 'large.csv': `id,a\n${'x,1\n'.repeat(4000)}` })
  const line = `$extract large.csv -m a=vector:a`
  const named = await bash(`ulimit -f 4; ${line} -o out.arrows`, folder)
  t.equal(named.status, 74, named.stderr)
  t.match(named.stderr, ONE_LINE)
  t.match(named.stderr, 'file too large')
  t.same(readdirSync(folder), ['large.csv'])
  const piped = await bash(`ulimit -f 4; ${line} > out.arrows`, folder)
  t.equal(piped.status, 74, piped.stderr)
  t.match(piped.stderr, 'standard output: cannot be written: file too large')
  t.equal((await bash('$cat out.arrows > /dev/null', folder)).status, 65, 'and it is no stream')
})

const prlimit = await execa('prlimit', ['--version'], { reject: false })
const NO_PRLIMIT = prlimit.exitCode === 0 ? false : 'not run: no prlimit(1)'
t.test('too many open files: status 74, one line', { skip: NO_PRLIMIT }, async t => {
  // The limit falls when the program is under way: before that, Node would meet it in its own modules,
  // and report those as not found.
  const [file, args] = plainNode(`${root}dist/bin/pcm-cat.js`, '-', stream)
  const cat = execa(file, args, { reject: false, timeout: 60_000, encoding: 'buffer' })
  const bytes = readFileSync(stream)
  cat.stdin.write(bytes.subarray(0, -8))
  await once(cat.stdout, 'readable')
  await execa('prlimit', ['--pid', String(cat.pid), '--nofile=3'])
  cat.stdin.end(bytes.subarray(-8))
  const ended = await cat
  const complaint = Buffer.from(ended.stderr).toString()
  t.equal(ended.exitCode, 74, complaint)
  t.match(complaint, ONE_LINE)
  t.match(complaint, `pcm-cat: ${stream}: too many open files`)
})

t.test('many streams are no reason to hold many files open', async t => {
  const ended = await bash(`ulimit -n 256; $cat $(yes ${stream} | head -300) | $info`, t.testdir())
  t.equal(ended.status, 0, ended.stderr)
})

t.test('standard streams that are closed', async t => {
  const folder = t.testdir()
  const input = await bash('$cat <&-', folder)
  t.equal(input.status, 65)
  t.match(input.stderr, /^pcm-cat: standard input: /)
  const output = await bash(`$cat ${stream} -o out.arrows >&-`, folder)
  t.equal(output.status, 0, output.stderr)
  t.same(readFileSync(join(folder, 'out.arrows')).subarray(-8), END, 'a named output is whole')
  t.equal((await bash(`$cat ${stream} -v 2>&- | $info > /dev/null`, folder)).status, 0)
  t.equal((await bash('$cat nowhere.arrows 2>&-', folder)).status, 66)
  t.equal((await bash('$cat nowhere.arrows 2> /dev/full', folder)).status, 66)
})

const END = Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])

t.test('a process that was killed does not stop the next one of its number', async t => {
  // Where process numbers begin anew, what is left has the very name that would be taken.
  const folder = t.testdir()
  const names = '$(hostname).$$.0 $(hostname).$$.1'
  const line = `for name in ${names}; do > out.arrows.tmp.$name; done; exec $cat ${stream} -o out.arrows`
  const ended = await bash(line, folder)
  t.equal(ended.status, 0, ended.stderr)
  t.same(readFileSync(join(folder, 'out.arrows')).subarray(-8), END)
})

t.test('a name or a value that is a command to a terminal is shown, not sent', async t => {
  const folder = t.testdir({ 'items.csv': 'id,a\n"x\u001b]0;owned\u0007",one\n"b\u009b2J",two\n' })
  const bad = await bash('$extract items.csv -m a=vector:a', folder)
  t.equal(bad.status, 65)
  const column = await bash(`$extract items.csv -m a=vector:$'b\\e[31m'`, folder)
  t.match(column.stderr, '\\u001b[31m')
  const sound = await bash(
    `printf 'id,a,\\033[2Jcol\\nx,1,\\033[3Jred\\n' > s.csv
    $extract s.csv -m a=vector:a -c $'\\e[2Jc'=$'\\e[2Jcol' -o s.arrows; $info s.arrows
    $info s.arrows --where nothing=x; $info s.arrows --log - -q -o /dev/null`,
    folder,
  )
  for (const { stdout, stderr } of [bad, column, sound])
    t.notMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  t.match(sound.stdout, '\\u001b[2Jc', 'in a table too')
})

t.test('a place that cannot be written', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'taken'))
  writeFileSync(join(folder, 'file'), '')
  for (const [place, reason] of [
    ['taken', 'is a directory'],
    ['file/out.arrows', 'no such directory'],
    ['nowhere/out.arrows', 'no such directory'],
  ]) {
    const ended = await bash(`$cat ${stream} -o ${place}`, folder)
    t.equal(ended.status, 74, ended.stderr)
    t.match(ended.stderr, reason)
    t.match(ended.stderr, ONE_LINE)
  }
})
