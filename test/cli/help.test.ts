import t from 'tap'
import { longHelp, shortHelp } from '../../lib/cli/help.js'
import { optionNames } from '../../lib/cli/option-word.js'
import { programs } from '../../lib/cli/programs.js'

for (const spec of programs)
  t.test(spec.name, async t => {
    const [short, long] = [shortHelp(spec), longHelp(spec)]
    for (const [name, option] of Object.entries(spec.options)) {
      const [spelling] = optionNames({ [name]: option })
      const shown =
        option.type === 'boolean' && option.default === undefined ? `]${name}` : spelling
      t.ok(short.includes(shown!) && long.includes(shown!), `both name ${spelling}`)
      if (option.type === 'string' && option.choices)
        for (const choice of option.choices) t.ok(long.includes(choice), `and its value ${choice}`)
    }
    t.ok(long.includes('Exit status:') && long.includes('143'))
    for (const line of short.split('\n')) t.ok(line.length <= 80, `80 columns: ${line}`)
    t.ok(short.length < long.length)
  })

t.test('option texts are phrases, and a program has no letter twice', async t => {
  for (const { name, options } of programs) {
    const letters = Object.values(options).flatMap(({ alias }) => alias ?? [])
    t.equal(new Set(letters).size, letters.length, `${name}: ${letters.join('')}`)
    for (const [option, { short }] of Object.entries(options))
      t.match(short, /^(?![A-Z][a-z]).*[^.]$/, `${name} --${option}: ${short}`)
  }
})
