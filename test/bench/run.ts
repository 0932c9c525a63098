import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setupOf } from './bench.js'
import { benches } from './benches/index.js'
import { MOST_BUSY } from './busy.js'
import { OPTIONS, parseOptions } from './options.js'
import { type Row, rounded } from './row.js'
import { conditionsForPeople, header, rowForPeople } from './table.js'

const USAGE = `usage: npm run bench -- NAME [FILE] [option]...

${benches.map(({ name, summary }) => `  ${name.padEnd(9)}${summary}`).join('\n')}
${OPTIONS}
Peers in Python need PyTorch: PCM_BENCH_PYTHON names a Python that has it, else an environment is
made under the temporary folder. A peer that cannot be had is "not run".
`

const main = async (): Promise<void> => {
  const options = parseOptions()
  const bench = benches.find(({ name }) => name === options.name)
  if (!bench && options.name)
    throw new Error(`no bench ${options.name}, only ${benches.map(b => b.name).join(', ')}`)
  if (!bench) return void process.stdout.write(USAGE)
  const setup = setupOf(options, await temporaryFolder())
  if (!options.json) process.stdout.write(`${header()}\n`)
  let before = load()
  for await (const row of bench.run(setup)) {
    const told = { ...row, load: { before, after: load() }, ...warningOf(row, options.quick) }
    const whole = options.json && JSON.stringify({ ...told, ...(await setup.conditions()) })
    process.stdout.write(`${whole || rowForPeople(told)}\n`)
    before = load()
  }
  if (!options.json) process.stdout.write(`\n${conditionsForPeople(await setup.conditions())}\n`)
}

const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pcm-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  return folder
}

/** Processes that run or wait, over the last minute; our own count. */
const load = (): number => rounded(loadavg()[0]!)

/** A comparison on a machine that others use, or in tiny sizes, says so itself. */
const warningOf = ({ busy }: Row, quick: boolean): { warning?: string } => {
  const warnings = quick ? ['tiny sizes: the figures mean nothing'] : []
  if (typeof busy === 'number' && busy > MOST_BUSY)
    warnings.push(
      `others took up to ${Math.round(100 * busy)} % of the processor: measure again alone`,
    )
  return warnings.length > 0 ? { warning: warnings.join('; ') } : {}
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
