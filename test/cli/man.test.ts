import { execa } from 'execa'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { manPages } from '../../lib/manual/pages.js'
import { paragraphs, plain, prose } from '../../lib/cli/man/roff.js'
import { root } from '../sandbox.js'

const folder = join(root, 'man')
const has = async (program: string, ...args: string[]): Promise<boolean> =>
  (await execa(program, args, { reject: false, stdin: 'ignore' })).exitCode !== undefined

t.test('man/ is what the option tables say: npm run man makes it so', async t => {
  const pages = manPages()
  t.same(readdirSync(folder).sort(), [...pages.keys()].sort())
  for (const [name, page] of pages)
    t.equal(readFileSync(join(folder, name), 'utf8'), page, `${name} is fresh`)
})

const noGroff = !(await has('groff', '--version')) && 'not run: no groff'
t.test('groff finds nothing to warn of', { skip: noGroff }, async t => {
  for (const name of readdirSync(folder)) {
    const { stderr } = await execa('groff', ['-ww', '-man', '-Tutf8', join(folder, name)])
    t.equal(stderr, '', name)
  }
})

const noMandoc = !(await has('mandoc', '-V')) && 'not run: no mandoc'
t.test('mandoc finds nothing to improve', { skip: noMandoc }, async t => {
  for (const name of readdirSync(folder)) {
    const lint = await execa('mandoc', ['-Tlint', join(folder, name)], { reject: false })
    t.equal(lint.stdout, '', name)
  }
})

t.test('what roff would take for a command stays text', async t => {
  t.equal(plain(`a\\b -1 'x' "y" ^ ~ \``), `a\\(rsb \\-1 \\(aqx\\(aq \\(dqy\\(dq \\(ha \\(ti \\(ga`)
  t.equal(plain('naïve 日'), 'na\\[u00EF]ve \\[u65E5]')
  t.same(paragraphs('.so /etc/passwd', { first: true }), ['\\&.so /etc/passwd'])
  t.equal(
    prose('Give --no-pg to pcm-eval, see pcm(7): x-y.'),
    'Give \\fB\\-\\-no\\-pg\\fR to \\fBpcm\\-eval\\fR, see \\fBpcm\\fR(7): x\\-y.',
  )
})

t.test('no line is longer than a terminal is wide, verbatim ones apart', async t => {
  const long = [...manPages()].flatMap(([name, page]) =>
    page
      .replace(/^\.EX\n[^]*?^\.EE\n/gm, '')
      .split('\n')
      .filter(line => line.length > 80 && !line.startsWith('\\fB'))
      .map(line => `${name}: ${line}`),
  )
  t.strictSame(long, [])
})
