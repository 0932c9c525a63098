import { execa } from 'execa'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { completion } from '../../lib/cli/completion.js'
import { train } from '../../lib/cli/options/pcm-train.js'
import { programs } from '../../lib/cli/programs.js'
import { TERMS } from '../../lib/coordinate/losses/index.js'
import { termOffers } from '../../lib/coordinate/losses/offers.js'

/** What bash would offer for the last of the words. */
const offered = async (...words: string[]): Promise<string[]> => {
  const script = `${completion(train, 'bash', termOffers())}
    compopt() { :; }
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _pcm_train
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const folder = t.testdir({ 'model.arrows': '', sub: {} })
  const args = ['--norc', '-c', script, 'bash', 'pcm-train', ...words]
  const { stdout } = await execa('bash', args, { cwd: folder })
  return stdout.split('\n').filter(Boolean)
}

t.test('bash offers options, choices and files, and starts nothing', async t => {
  t.same(await offered('--lo'), ['--loss', '--log'])
  t.same(await offered('--loss', 'pc'), ['pcmc', 'pcmr'])
  t.same(await offered('--loss', '=', 'pcmr'), ['pcmr'])
  t.ok((await offered('--loss', '=')).includes('symile'))
  t.notOk((await offered('--loss', '')).includes('mixup'), 'what is no loss by itself')
  t.ok((await offered('--term', '')).includes('mixup'))
  t.same(await offered('--init', 'mo'), ['model.arrows'])
  t.same(await offered('mo'), ['model.arrows'])
  t.same(await offered('--seed', ''), [], 'nothing where anything would be a guess')
  t.ok((await offered('--no-')).includes('--no-pg'))
})

t.test('terms are offered as soon as there are some', async t => {
  const bin = fileURLToPath(new URL('../../bin/pcm-train.js', import.meta.url))
  const { stdout } = await execa(process.execPath, [bin, '--completion', 'bash'])
  t.match(stdout, `--term) COMPREPLY=($(compgen -W '${Object.keys(TERMS).join(' ')}'`)
})

for (const shell of ['bash', 'zsh', 'fish']) {
  const { exitCode } = await execa(shell, ['--version'], { reject: false, stdin: 'ignore' })
  const skip = exitCode !== 0 && `not run: no ${shell}`
  t.test(`${shell} can read the scripts`, { skip }, async t => {
    for (const spec of programs) {
      const path = join(t.testdir({}), spec.name)
      writeFileSync(path, completion(spec, shell))
      const { stderr } = await execa(shell, ['-n', path], { reject: false })
      t.equal(stderr, '', spec.name)
    }
  })
}

t.test('another shell is refused with the ones there are', async t => {
  t.throws(() => completion(train, 'tcsh'), { message: /'tcsh', expected one of bash, zsh, fish/ })
})
