import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** One run of a program: `pcm-embed` and the words that follow it, in a folder. */
export interface Asked {
  program: string
  argv: string[]
  cwd: string
}

/** How it ended; `fault` says what no run may do: crash, hang, die of a bug, trace its stack. */
export interface Answer {
  status: number
  stderr: string
  /** Time of the processor, which a busy machine does not stretch. */
  ms: number
  /** Largest resident set of the host so far, in bytes. */
  peak: number
}

export interface Ended extends Answer {
  fault: string
}

export interface Host {
  run(program: string, argv: string[], cwd: string): Promise<Ended>
  close(): void
}

/** No run of these small ones takes a second; what takes this long waits for something. */
const HANG_MS = 60_000
/** What one run may add to the resident set: inputs are of some kilobytes. */
const LARGEST_GROWTH = 400e6

/**
 * A process that runs programs in turns (host.ts). Where it dies or hangs, the run that did it is
 * a fault, and the next one gets a fresh process.
 */
export const openHost = (): Host => {
  let child: ChildProcess | undefined
  let peak = 0
  const start = async (): Promise<ChildProcess> => {
    const started = fork(fileURLToPath(new URL('./host.js', import.meta.url)), [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // The modules that the test runner puts into its processes resolve packages in their own way.
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '', PCM_ENGINE: '', CI: '1' },
    })
    await once(started, 'message')
    peak = Infinity
    return started
  }
  const answerOf = async (asked: Asked): Promise<Ended> => {
    const host = (child ??= await start())
    host.send(asked)
    const stop = new AbortController()
    const { signal } = stop
    const timer = setTimeout(() => host.kill('SIGKILL'), HANG_MS)
    try {
      const [answer] = (await Promise.race([
        once(host, 'message', { signal }),
        once(host, 'exit', { signal }).then(dead),
      ])) as [Answer]
      if (!host.connected) child = undefined
      const grown = answer.peak - peak
      peak = answer.peak
      return { ...answer, fault: faultOf(asked, answer, grown) }
    } finally {
      clearTimeout(timer)
      stop.abort()
    }
  }
  return {
    run: (program, argv, cwd) => answerOf({ program, argv, cwd }),
    close: () => child?.disconnect(),
  }
}

const dead = ([code, signal]: unknown[]): [Answer] => {
  const how = signal === 'SIGKILL' ? 'hung' : `the process ended (${String(signal ?? code)})`
  return [{ status: 70, stderr: how, ms: 0, peak: 0 }]
}

/** Documented in every man page; signals are not sent to a host. */
const STATUSES = [0, 1, 2, 64, 65, 66, 69, 74]

const faultOf = ({ program, argv }: Asked, { status, stderr }: Answer, grown: number): string => {
  const where = `${program} ${argv.join(' ')}`
  if (!STATUSES.includes(status)) return `${where}: status ${status}: ${stderr}`
  if (/\n\s+at .*:\d+|\[object Object\]/.test(stderr)) return `${where}: a stack: ${stderr}`
  if (grown > LARGEST_GROWTH) return `${where}: ${Math.round(grown / 1e6)} MB more`
  return ''
}
