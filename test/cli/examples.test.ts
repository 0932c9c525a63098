import { execa } from 'execa'
import t from 'tap'
import { programs } from '../../lib/cli/programs.js'
import { openSandbox } from '../sandbox.js'

const { folder, env, remove } = openSandbox()
t.teardown(remove)

// In the order of a pipeline and in one folder: what one example writes, later ones may read.
for (const { name, examples } of programs)
  t.test(`the examples of ${name} do what they say`, async t => {
    t.ok(examples.length > 0, 'there is one')
    for (const { text, command } of examples) {
      const result = await execa('sh', ['-e', '-c', command], {
        cwd: folder,
        env,
        reject: false,
        stdin: 'ignore',
        encoding: 'buffer',
      })
      t.equal(result.exitCode, 0, `${text}: ${Buffer.from(result.stderr).toString()}`)
      t.match(command, name, 'and it shows the program')
    }
  })
