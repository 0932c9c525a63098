import { closeSync, existsSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openNameless, openNamelessSync } from '../../lib/stream/nameless.js'
import { plainNode } from '../plain-node.js'

/** A training that was killed left an empty folder of its temporary file behind. */
const folder = t.testdir()
process.env['TMPDIR'] = folder

const MODULE = new URL('../../lib/stream/nameless.js', import.meta.url).href

t.test('there is nothing to be seen of it, and it holds what is written', async t => {
  const fd = openNamelessSync()
  t.same(readdirSync(folder), [])
  writeSync(fd, 'numbers')
  const read = Buffer.alloc(7)
  t.equal(readSync(fd, read, 0, 7, 0), 7)
  t.equal(read.toString(), 'numbers')
  closeSync(fd)
  const handle = await openNameless()
  t.same(readdirSync(folder), [])
  await handle.appendFile('rows')
  t.equal((await handle.stat()).size, 4)
  await handle.close()
})

t.test('a folder that is not there is an error', async t => {
  process.env['TMPDIR'] = join(folder, 'none')
  t.throws(openNamelessSync, { code: 'ENOENT' })
  await t.rejects(openNameless(), { code: 'ENOENT' })
  process.env['TMPDIR'] = folder
})

t.test('where a file needs a name for a moment, the dead leave none for long', async t => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const left = join(folder, `pcm.tmp.${hostname()}.${dead}.0`)
  const alive = join(folder, `pcm.tmp.${hostname()}.${process.ppid}.0`)
  for (const path of [left, alive]) writeFileSync(path, '')
  // A system that has no files without names, as far as the module can tell.
  const script = `Object.defineProperty(process, 'platform', { value: 'other' })
    const { openNamelessSync, openNameless } = await import(${JSON.stringify(MODULE)})
    const { writeSync } = await import('node:fs')
    writeSync(openNamelessSync(), 'x')
    await (await openNameless()).appendFile('x')`
  const [node, args] = plainNode('--input-type=module', '-e', script)
  const ended = spawnSync(node, args, { env: { ...process.env, TMPDIR: folder }, encoding: 'utf8' })
  t.equal(ended.status, 0, ended.stderr)
  t.notOk(existsSync(left))
  t.same(readdirSync(folder), [`pcm.tmp.${hostname()}.${process.ppid}.0`], 'of the living stays')
})
