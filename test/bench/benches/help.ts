import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { compiled, runTimed } from '../processes.js'
import { median, rowOf, type Sample } from '../row.js'
import { inTurns, samplesOf } from '../turns.js'

/** Packages that help must not wait for. */
const HEAVY = /^(apache-arrow|@tensorflow\/.*|onnxruntime.*|sharp)$/

const HELP = [compiled('bin/pcm-train'), '--help']
const BARE = ['-e', '0']

export const help: Bench = {
  name: 'help',
  summary: 'pcm-train --help against bare node, and the packages it loads',
  async *run({ quick, rounds, folder }) {
    const times = quick ? 2 : 10
    const { samples, busy } = await inTurns(
      { ours: () => repeated(HELP, times), peer: () => repeated(BARE, times) },
      rounds,
    )
    const packages = await packagesLoaded(HELP, folder)
    const bare = samplesOf(samples.peer)
    yield rowOf({
      name: 'pcm-train --help',
      ours: samplesOf(samples.ours),
      peer: bare,
      against: 'node -e 0',
      floor: Math.min(...bare.map(({ best }) => best)),
      goal: quick ? null : { ours: 120, heavy: 0 },
      more: { busy, packages, heavy: packages.filter(name => HEAVY.test(name)).length },
    })
  },
}

const repeated = async (args: readonly string[], count: number): Promise<Sample> => {
  const times: number[] = []
  for (let i = 0; i < count; i++) times.push((await runTimed(process.execPath, args)).ms)
  return { median: median(times), best: Math.min(...times) }
}

/** Node's own record of the scripts that ran names every module, however it was imported. */
const packagesLoaded = async (args: readonly string[], folder: string): Promise<string[]> => {
  const record = await mkdtemp(join(folder, 'loaded-'))
  await runTimed(process.execPath, args, { env: { NODE_V8_COVERAGE: record } })
  const found = new Set<string>()
  for (const name of await readdir(record)) {
    const { result } = JSON.parse(await readFile(join(record, name), 'utf8')) as {
      result: { url: string }[]
    }
    for (const { url } of result) {
      const match = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)
      if (match) found.add(match[1]!)
    }
  }
  return [...found].sort()
}
