/**
 * Golden pipelines: each folder AREA/N holds `cmd`, run by sh in an empty folder with fixtures/ in
 * it, and what is expected of it: `expout` (standard output), `experr` (standard error) and
 * `status`; none of them = empty, empty, 0. `node dist/test/cases/cases.test.js --populate` writes
 * what came out, for you to read before you commit it.
 */

import { execa } from 'execa'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSandbox, root } from '../sandbox.js'

const home = join(root, 'test', 'cases')
const populate = process.argv.includes('--populate')

/** The files of expectations, and what stands for a file that is not there. */
const EXPECTATIONS = [
  ['status', '0\n'],
  ['experr', ''],
  ['expout', ''],
] as const

type Result = Record<'status' | 'experr' | 'expout', string>

const runCase = async (path: string): Promise<Result> => {
  const { folder, env, remove } = openSandbox()
  const ended = await execa('sh', [join(path, 'cmd')], {
    cwd: folder,
    env,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  })
  remove()
  return { status: `${ended.exitCode}\n`, experr: ended.stderr, expout: ended.stdout }
}

for (const area of readdirSync(home, { withFileTypes: true }).filter(entry => entry.isDirectory()))
  t.test(area.name, async t => {
    for (const number of readdirSync(join(home, area.name))) {
      const path = join(home, area.name, number)
      const result = await runCase(path)
      for (const [name, absent] of EXPECTATIONS) {
        const file = join(path, name)
        if (populate)
          result[name] === absent
            ? rmSync(file, { force: true })
            : writeFileSync(file, result[name])
        const expected = existsSync(file) ? readFileSync(file, 'utf8') : absent
        t.equal(result[name], expected, `${area.name}/${number}: ${name}`)
      }
    }
  })
