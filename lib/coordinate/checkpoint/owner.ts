import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCode } from '../../error.js'

/** Who holds a folder: enough to name the process, and to tell whether it still runs. */
export interface Owner {
  host: string
  pid: number
  /** Boot of the machine and start of the process since then; empty where the system has no /proc. */
  start: string
  /** Job of a batch system, and how often it has been started again; empty outside of one. */
  job: string
  restarts: number
}

export const thisProcess = (env: NodeJS.ProcessEnv = process.env): Owner => ({
  host: hostname(),
  pid: process.pid,
  start: startOf(process.pid),
  job: env['SLURM_JOB_ID'] ?? '',
  restarts: Number(env['SLURM_RESTART_COUNT'] ?? 0),
})

/**
 * Whether an owner has gone for sure. On this machine the number of its process is free, or is that
 * of a process that began at another time. On any machine: a job that runs again has ended before.
 */
export const hasGone = (owner: Owner, me: Owner = thisProcess()): boolean => {
  if (owner.job !== '' && owner.job === me.job && owner.restarts < me.restarts) return true
  if (owner.host !== me.host) return false
  if (!isAlive(owner.pid)) return true
  const start = startOf(owner.pid)
  return owner.start !== '' && start !== '' && start !== owner.start
}

export const ownerText = ({ host, pid, start, job, restarts }: Owner): string =>
  [host, pid, start, job, restarts].map(part => encodeURIComponent(part)).join(' ')

/** Undefined where the text is none of ours. */
export const parseOwner = (text: string): Owner | undefined => {
  const parts = text.split(' ')
  if (parts.length !== 5 || !/^\d+$/.test(parts[1]!)) return undefined
  const [host, pid, start, job, restarts] = parts.map(decodeURIComponent) as [
    ...[string, string, string, string, string],
  ]
  return { host, pid: Number(pid), start, job, restarts: Number(restarts) }
}

/** A process that has been killed and that nobody has waited for (Z) is dead. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return statOf(pid)?.[0] !== 'Z'
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/** A number of a process is given again; with its start, counted in ticks since the boot, never. */
const startOf = (pid: number): string => {
  const ticks = statOf(pid)?.[19]
  if (ticks === undefined) return ''
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}.${ticks}`
}

/** Fields 3 and following of proc_pid_stat(5): the state first, the start as the twentieth. */
const statOf = (pid: number): string[] | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name of the program in parentheses, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
