import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import t from 'tap'

const COPIER = fileURLToPath(new URL('copier.js', import.meta.url))

const copier = (...args: string[]) =>
  execa(process.execPath, [COPIER, ...args], { reject: false, input: 'hello' })

/** The same in a shell, `copier` being its name. */
const shell = (command: string) =>
  execa('bash', ['-c', `copier() { "$NODE" "$COPIER" "$@"; }; ${command}`], {
    reject: false,
    env: { NODE: process.execPath, COPIER },
  })

t.test('bytes go from pipe, file and descriptor to pipe, file and redirection', async t => {
  const dir = t.testdir({ in: 'hello' })
  t.equal((await copier()).stdout, 'hello')
  t.equal((await copier(`${dir}/in`)).stdout, 'hello')
  t.equal((await shell(`copier - < ${dir}/in`)).stdout, 'hello')
  t.equal((await shell('copier <(printf hello) | cat')).stdout, 'hello')
  await shell(`copier ${dir}/in > ${dir}/redirected`)
  t.equal(readFileSync(`${dir}/redirected`, 'utf8'), 'hello')
  await copier('-', `${dir}/out`)
  t.equal(readFileSync(`${dir}/out`, 'utf8'), 'hello')
  t.strictSame(readdirSync(dir).sort(), ['in', 'out', 'redirected'], 'nothing is left beside')
})

t.test('more than a pipe holds arrives whole', async t => {
  const { stdout } = await shell('head -c 3000000 /dev/zero | copier | copier | wc -c')
  t.equal(stdout.trim(), '3000000')
})

t.test('a file appears whole or not at all', async t => {
  const dir = t.testdir({ old: 'before' })
  for (const then of ['abort', 'fail']) {
    await copier('-', `${dir}/old`, then)
    await copier('-', `${dir}/new`, then)
    t.equal(readFileSync(`${dir}/old`, 'utf8'), 'before')
    t.strictSame(readdirSync(dir), ['old'], then)
  }
})

t.test('a signal leaves no half file', async t => {
  const dir = t.testdir({})
  const child = spawn(process.execPath, [COPIER, '/dev/null', `${dir}/out`, 'hang'])
  await once(child.stderr, 'data')
  t.equal(readdirSync(dir).length, 1, 'written beside')
  child.kill('SIGTERM')
  const [status] = (await once(child, 'exit')) as [number | null]
  t.equal(status, 143)
  t.strictSame(readdirSync(dir), [])
})

t.test('a symbolic link stays one', async t => {
  const dir = t.testdir({ target: 'before' })
  symlinkSync('target', `${dir}/link`)
  await copier('-', `${dir}/link`)
  t.ok(lstatSync(`${dir}/link`).isSymbolicLink())
  t.equal(readFileSync(`${dir}/target`, 'utf8'), 'hello')
})

t.test('what cannot be read is exit 66, with its name', async t => {
  const dir = t.testdir({ folder: {} })
  t.match(await copier(`${dir}/none`), { exitCode: 66, stderr: `${dir}/none: no such file` })
  t.match(await copier(`${dir}/folder`), { exitCode: 66, stderr: 'is a directory' })
  t.match(await copier(`${dir}/folder/none/x`), { exitCode: 66 })
})

t.test('what cannot be written is exit 74, with its name', async t => {
  const dir = t.testdir({ folder: {}, file: '' })
  const expected = { exitCode: 74, stderr: /cannot be written: no such directory/ }
  t.match(await copier('-', `${dir}/none/out`), expected)
  t.match(await copier('-', `${dir}/folder`), { exitCode: 74, stderr: /is a directory/ })
  t.ok(existsSync(`${dir}/folder`))
  t.match(await copier('-', `${dir}/file/out`), { exitCode: 74, stderr: /no such directory/ })
})

t.test('a full disk is exit 74, named or redirected', { skip: noFull() }, async t => {
  const expected = { exitCode: 74, stderr: /cannot be written: no space left on device/ }
  t.match(await copier('-', '/dev/full'), expected)
  t.match(await shell('printf hello | copier > /dev/full'), expected)
  t.ok(lstatSync('/dev/full').isCharacterDevice(), 'the device has not been replaced')
})

t.test('a reader that leaves early is no error and needs no words', async t => {
  const { stderr, stdout } = await shell(
    'head -c 3000000 /dev/zero | copier | head -c 1 | wc -c; echo "${PIPESTATUS[@]}"',
  )
  t.equal(stderr, '')
  t.match(stdout, /^\s*1\n/)
  t.match(stdout, /^\d+ 0 0 0$/m)
})

function noFull(): string | false {
  return existsSync('/dev/full') ? false : 'not run: no /dev/full'
}
