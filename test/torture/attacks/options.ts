import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '../../../fixtures/maker/random.js'
import { programs } from '../../../lib/cli/programs.js'
import type { Attack } from '../attack.js'
import { npyOf } from '../fuzz/npy.js'
import { commandLine } from '../options/command-line.js'
import { makeSmallWorld } from '../small-world.js'

const LINES = { quick: 25, long: 2000 }

/**
 * Options in any combination, made from the tables that help is made from: a program does what it
 * is asked, or says in a line why it cannot.
 */
export const options: Attack = {
  name: 'options',
  summary: 'command lines drawn from the option tables of all programs',
  unit: 'lines',
  goal: LINES.long * programs.length,
  async run({ quick, seed, folder, host, struck, fault, figure }) {
    const world = await makeSmallWorld(host, folder)
    for (const name of ['a', 'b'])
      writeFileSync(join(world.folder, `${name}.npy`), npyOf('<f4', '(3, 2)', 24))
    const metrics = ['embeddings.arrows', '--format', 'json', '-q', '-o', 'metrics.jsonl']
    await host.run('pcm-eval', metrics, world.folder)
    for (const spec of programs) {
      const statuses = new Map<number, number>()
      for (let i = 0; i < (quick ? LINES.quick : LINES.long); i++) {
        const line = commandLine(spec, random(seed, spec.name, i))
        const place = join(folder, 'place')
        cpSync(world.folder, place, { recursive: true })
        mkdirSync(join(place, 'folder'))
        const ended = await host.run(spec.name, line, place)
        const litter = readdirSync(place).filter(name => name.includes('.tmp.'))
        rmSync(place, { recursive: true })
        struck()
        statuses.set(ended.status, (statuses.get(ended.status) ?? 0) + 1)
        if (ended.fault) fault(ended.fault)
        else if (litter.length > 0)
          fault(`${spec.name} ${line.join(' ')}: left ${litter.join(' ')}`)
        else if (ended.status > 2 && !SAID.test(ended.stderr))
          fault(`${spec.name} ${line.join(' ')}: status ${ended.status} without a word`)
      }
      const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`)
      figure(`${spec.name}, statuses`, counts.join(', '))
    }
  },
}

/** Notes and events may stand around it. */
const SAID = /^pcm-\w+: /m
