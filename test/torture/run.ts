import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Attack, type Row, strike } from './attack.js'
import { attacks } from './attacks/index.js'
import { temporaryFolder } from './folder.js'
import { parseOptions } from './asked-for.js'

const USAGE = `usage: npm run torture [-- NAME...] [--quick] [--seed N] [--json]

${attacks.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

Without a NAME all of them, which takes hours; --quick takes seconds each. The exit status is 1
where anything happened that should not.
`

const main = async (): Promise<void> => {
  const { names, json, ...options } = parseOptions()
  const chosen = names.length ? names.map(attackOf) : attacks
  if (names.length === 0 && !options.quick) process.stderr.write(USAGE)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const base = temporaryFolder()
  for (const attack of chosen) {
    const folder = join(base, attack.name)
    mkdirSync(folder)
    const row = await strike(attack, options, folder)
    process.stdout.write(`${json ? JSON.stringify({ ...row, quick: options.quick }) : told(row)}\n`)
    if (row.faults > 0) process.exitCode = 1
  }
}

const attackOf = (name: string): Attack => {
  const found = attacks.find(attack => attack.name === name)
  if (found) return found
  throw new Error(`no attack ${name}, only ${attacks.map(attack => attack.name).join(', ')}`)
}

const told = ({ name, count, unit, goal, faults, first, seed, seconds, figures }: Row): string => {
  const head = `${name.padEnd(12)}${count} ${unit} of ${goal}, ${faults} faults`
  const more = Object.entries(figures).map(([figure, value]) => `    ${figure}: ${value}`)
  const worst = first.map(text => `    FAULT ${text.trimEnd().replaceAll('\n', '\n      ')}`)
  return [`${head} (seed ${seed}, ${seconds} s)`, ...more, ...worst].join('\n')
}

main().catch((error: unknown) => {
  process.stderr.write(`torture: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
