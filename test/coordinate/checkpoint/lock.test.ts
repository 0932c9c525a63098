import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { lockFolder } from '../../../lib/coordinate/checkpoint/lock.js'
import {
  hasGone,
  type Owner,
  ownerText,
  parseOwner,
  thisProcess,
} from '../../../lib/coordinate/checkpoint/owner.js'
import { Exit } from '../../../lib/error.js'
import { refused } from '../refused.js'

const me = thisProcess({})
const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid

t.test('an owner has gone when its process has, or is another one with its number', async t => {
  const GONE: [what: string, owner: Partial<Owner>, gone: boolean][] = [
    ['this very process', {}, false],
    ['a process that has ended', { pid: dead(), start: '' }, true],
    ['a number that was given again', { start: `${me.start}0` }, me.start !== ''],
    ['a start that is unknown', { start: '' }, false],
    ['another machine, whatever its processes', { host: 'elsewhere', pid: dead() }, false],
    ['another job on another machine', { host: 'elsewhere', job: '7', restarts: 0 }, false],
  ]
  for (const [what, owner, gone] of GONE) t.equal(hasGone({ ...me, ...owner }, me), gone, what)
})

t.test('a job that has been queued again knows that it has ended before', async t => {
  const before: Owner = { ...me, host: 'elsewhere', job: '7', restarts: 1 }
  const now = (restarts: number) =>
    thisProcess({ SLURM_JOB_ID: '7', SLURM_RESTART_COUNT: `${restarts}` })
  t.equal(hasGone(before, now(2)), true)
  t.equal(hasGone(before, now(1)), false, 'another step of the same job')
  t.equal(hasGone(before, thisProcess({ SLURM_JOB_ID: '8', SLURM_RESTART_COUNT: '2' })), false)
})

t.test('an owner is read back as it was written, and nothing else is one', async t => {
  for (const owner of [me, { ...me, host: 'a b%20c', job: '7_3' }])
    t.same(parseOwner(ownerText(owner)), owner)
  for (const text of ['', 'lock', '1 2 3', 'host x start job 0'])
    t.equal(parseOwner(text), undefined)
})

t.test('a folder belongs to one at a time, and is free afterwards', async t => {
  const folder = t.testdir()
  const lock = lockFolder(folder)
  refused(
    t,
    () => lockFolder(folder),
    Exit.io,
    new RegExp(`another run .* \\(process ${me.pid} on `),
  )
  lock.check()
  lock.release()
  t.same(readdirSync(folder), [])
  lockFolder(folder).release()
})

t.test('the lock of a dead owner is taken over', async t => {
  const folder = t.testdir()
  const path = join(folder, 'lock')
  symlinkSync(ownerText({ ...me, pid: dead(), start: '' }), path)
  const lock = lockFolder(folder)
  t.equal(readlinkSync(path), ownerText(thisProcess()))
  t.same(readdirSync(folder), ['lock'])
  lock.release()
})

t.test('a lock that nobody can judge is respected, and named', async t => {
  const folder = t.testdir()
  const path = join(folder, 'lock')
  writeFileSync(path, 'somebody wrote this by hand')
  refused(t, () => lockFolder(folder), Exit.io, /another run .*somebody unknown/)
  t.ok(existsSync(path))
})

t.test('who has lost the lock does not write, and does not remove that of another', async t => {
  const folder = t.testdir()
  const path = join(folder, 'lock')
  const lock = lockFolder(folder)
  const { rmSync } = await import('node:fs')
  rmSync(path)
  const other = ownerText({ ...me, pid: 1 })
  symlinkSync(other, path)
  refused(t, lock.check, Exit.io, /lock of this run has been taken away/)
  lock.release()
  t.equal(readlinkSync(path), other)
})
