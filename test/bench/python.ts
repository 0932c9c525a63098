import { execa, ExecaError } from 'execa'
import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { root, runTimed } from './processes.js'
import type { NotRun } from './row.js'
import { PeerFailed } from './turns.js'

/** A Python that has what the peers need. */
export interface Python {
  path: string
  versions: Record<string, string>
}

const NEEDED = ['torch==2.13.0', 'numpy', 'scipy']

/** Wheels without CUDA, a tenth of the size; PyPI's do where this index cannot be reached. */
const CPU_WHEELS = 'https://download.pytorch.org/whl/cpu'

/** PCM_BENCH_PYTHON, else an environment under the temporary folder, made when first needed. */
export const findPython = async (): Promise<Python | NotRun> => {
  const given = process.env['PCM_BENCH_PYTHON']
  if (given) return await look(given)
  const folder = join(tmpdir(), `pcm-bench-python-${userInfo().uid}`)
  const path = join(folder, 'bin', 'python')
  const found = existsSync(path) ? await look(path) : undefined
  if (found && !('notRun' in found)) return found
  process.stderr.write(`making a Python environment in ${folder}, once\n`)
  try {
    await execa('python3', ['-m', 'venv', folder])
    await execa(path, [
      ...['-m', 'pip', 'install', '--quiet', '--extra-index-url', CPU_WHEELS],
      ...NEEDED,
    ])
  } catch (error) {
    return { notRun: `no Python environment: ${reasonOf(error)}` }
  }
  return await look(path)
}

const VERSIONS = `
import json, platform, numpy, scipy, torch
print(json.dumps(dict(python=platform.python_version(), torch=torch.__version__,
                      numpy=numpy.__version__, scipy=scipy.__version__)))`

const look = async (path: string): Promise<Python | NotRun> => {
  try {
    const { stdout } = await execa(path, ['-c', VERSIONS])
    return { path, versions: JSON.parse(stdout) as Record<string, string> }
  } catch (error) {
    return { notRun: `${path}: ${reasonOf(error)}` }
  }
}

/** Runs a file of peers/; it prints one line of JSON. `ms` is the wall time of the process. */
export const runPeer = async <T>(
  { path }: Python,
  script: string,
  args: readonly string[],
  threads: number,
): Promise<{ ms: number; printed: T }> => {
  const count = String(threads)
  try {
    const { ms, stdout } = await runTimed(path, [`${root}test/bench/peers/${script}`, ...args], {
      env: { OMP_NUM_THREADS: count, MKL_NUM_THREADS: count },
    })
    return { ms, printed: JSON.parse(stdout) as T }
  } catch (error) {
    throw new PeerFailed(`${script}: ${reasonOf(error)}`)
  }
}

/** The last line is where Python and pip say what went wrong. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof ExecaError ? error.stderr || error.shortMessage : String(error)
  return text.trim().split('\n').at(-1) ?? ''
}
