import { readFileSync } from 'node:fs'

/**
 * How far a process has come, by what no other process on a busy machine changes. Undefined once it
 * has ended, and where the system does not tell.
 */
export interface ProgressOf {
  (pid: number): number | undefined
}

/** Bytes read so far, from files and pipes. */
export const bytesRead: ProgressOf = pid => {
  const told = /^rchar: (\d+)$/m.exec(read(pid, 'io'))
  return told ? Number(told[1]) : undefined
}

/** Time of processors so far, in ticks of the system: fields 14 and 15 of proc_pid_stat(5). */
export const ticksUsed: ProgressOf = pid => {
  const stat = read(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.length > 12 ? Number(fields[11]) + Number(fields[12]) : undefined
}

const read = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
