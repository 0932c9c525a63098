import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { strike } from './attack.js'
import { attacks } from './attacks/index.js'
import { temporaryFolder } from './folder.js'

/** The attacks of `npm run torture`, fewer blows of each. */
const base = temporaryFolder()

for (const attack of attacks)
  t.test(`${attack.name}: ${attack.summary}`, async t => {
    const folder = join(base, attack.name)
    mkdirSync(folder)
    const row = await strike(attack, { quick: true, seed: 1 }, folder)
    t.ok(row.count > 0, `${row.count} ${row.unit}`)
    t.same(row.first, [], `${row.faults} faults`)
  })
