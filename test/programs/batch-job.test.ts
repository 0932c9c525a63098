import { execa } from 'execa'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { command, fixture } from './program.js'
import { makeFeatures } from './training.js'

/** The recipes for batch systems, with pcm-train itself and the batch system played by scripts. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
const OPTIONS = ['--no-pg', '--dim', '8', '--batch', '64', '--epochs', '300', '--log', 'log']

t.before(async () => {
  await makeFeatures(at('features.arrows'))
  const SCRIPTS = {
    srun: 'exec "$@"',
    scontrol: 'echo "$@" >> requeued',
    'pcm-train': `exec ${command('train')} "$@"`,
  }
  for (const [name, script] of Object.entries(SCRIPTS)) {
    await writeFile(at(name), `#!/bin/sh\n${script}\n`)
    await chmod(at(name), 0o755)
  }
})

const env = { PATH: `${folder}:${process.env['PATH']}`, SLURM_JOB_ID: '42' }
const submit = (model: string) =>
  execa('sh', [fixture('recipes/slurm.sbatch'), 'features.arrows', model, ...OPTIONS], {
    ...{ cwd: folder, env, reject: false, timeout: 120_000 },
  })

t.test(
  'a job that is stopped and queued again ends with the model of one that was not',
  async t => {
    t.equal((await submit('undisturbed.arrows')).exitCode, 0)
    let status: number | undefined = 75
    for (let runs = 0; status === 75 && runs < 20; runs++) {
      await writeFile(at('log'), '')
      const job = submit('model.arrows')
      // Told to stop twice, then left alone.
      if (runs < 2) {
        while (!readFileSync(at('log'), 'utf8').includes('"event":"epoch"')) await sleep(10)
        job.kill('SIGTERM')
      }
      status = (await job).exitCode
    }
    t.equal(status, 0)
    t.match(readFileSync(at('requeued'), 'utf8'), 'requeue 42\n')
    t.ok(readFileSync(at('model.arrows')).equals(readFileSync(at('undisturbed.arrows'))))
    t.notOk(existsSync(at('model.arrows.checkpoints')), 'the checkpoints have gone')
  },
)

t.test('many seeds at once: one model each, and what is done is not done again', async t => {
  const args = [fixture('recipes/seeds.sh'), at('features.arrows'), at('seeds'), '0 1 2']
  const small = ['--dim', '4', '--epochs', '2']
  const run = (options: string[]) =>
    execa('sh', [...args, ...options], { cwd: folder, env, reject: false, stdin: 'ignore' })
  const first = await run(small)
  t.equal(first.exitCode, 0, first.stderr)
  t.same(readdirSync(at('seeds')).sort(), ['0.arrows', '1.arrows', '2.arrows'])
  const bytes = readFileSync(at('seeds/1.arrows'))
  t.notOk(bytes.equals(readFileSync(at('seeds/0.arrows'))))
  t.equal((await run(['--epochs', 'x'])).exitCode, 0, 'nothing is left to do')
})
