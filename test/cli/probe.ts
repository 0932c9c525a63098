/** A program that behaves as it is told, so that tests can watch how `run` takes it. */

import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { badData, Exit } from '../../lib/error.js'
import type { Context } from '../../lib/cli/context.js'
import { common } from '../../lib/cli/options/common.js'
import { program } from '../../lib/cli/program.js'
import { run } from '../../lib/cli/run.js'

const probe = program({
  name: 'pcm-probe',
  summary: 'do one thing',
  description: 'Does one thing.',
  input: { argument: 'INPUT', short: 'anything' },
  options: {
    act: {
      type: 'string',
      choices: [
        'args',
        'bad-data',
        'bug',
        'full-disk',
        'incomplete',
        'lines',
        'linger',
        'log',
        'lost',
        'missing-input',
        'never',
        'poll',
        'pour',
        'record',
        'sleep',
        'stray',
      ],
      default: 'args',
      short: 'what to do',
    },
    ...common,
  },
  examples: [],
  seeAlso: ['pcm(7)'],
})

const acts: Record<string, (context: Context, args: object) => unknown> = {
  args: (_, args) => process.stdout.write(JSON.stringify(args)),
  'bad-data': () => {
    throw badData("f.arrows: column 'a': row 3 has 2 values,\n expected 4", 'look at it')
  },
  bug: () => (undefined as unknown as { size: number }).size,
  'full-disk': () => writeFileSync('/dev/full', 'x'),
  incomplete: () => Exit.incomplete,
  lines: async ({ progress }) => {
    const bar = progress({ unit: 'step', total: 1000 })
    for (let step = 1; step <= 1000; step++) {
      bar.update(step, { loss: 1 / step })
      if (step % 100 === 0) await sleep(150)
    }
    bar.stop()
  },
  linger: () => {
    setInterval(() => {}, 1000)
    throw badData('something keeps the process alive')
  },
  log: ({ log }) => {
    log.note('a note')
    log.detail('a detail')
    log.warn('a warning')
    log.event('epoch', { epoch: 1, loss: NaN })
  },
  lost: () => void Promise.reject(new Error('nobody waits for me')),
  'missing-input': () => readFileSync('/no/such/file'),
  never: () => new Promise(() => {}),
  poll: async ({ signals }) => {
    let checkpoints = 0
    signals.onCheckpoint(() => process.stdout.write(`checkpoint ${++checkpoints}\n`))
    signals.requested()
    process.stdout.write('ready\n')
    while (!signals.requested()) await sleep(5)
    process.stdout.write(`${signals.requested()}\n`)
    await sleep(300)
    return Exit.requeue
  },
  pour: () => void process.stdout.write('x'.repeat(3 << 20)),
  record: ({ record }) => process.stdout.write(JSON.stringify(record())),
  sleep: async () => {
    process.on('exit', () => process.stdout.write('tidied\n'))
    process.stdout.write('ready\n')
    await sleep(10_000)
  },
  stray: () => void setTimeout(() => (undefined as unknown as () => void)(), 1),
}

run(probe, async (args, context) => {
  const status = await acts[args.act]!(context, args)
  if (args.act === 'stray') await sleep(20)
  return status === Exit.incomplete || status === Exit.requeue ? status : Exit.done
})
