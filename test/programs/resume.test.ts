import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { random } from '../../fixtures/maker/random.js'
import { faultOf, pcm } from './program.js'
import { makeFeatures, startTraining, train } from './training.js'

/** Killed, damaged, mixed up: what a folder of checkpoints goes through. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
const LONG = ['--epochs', '60', '-o', 'model.arrows']
const RESUMED = [...LONG, '--checkpoint', 'ck', '--checkpoint-every', '5', '--resume']

let undisturbed: Buffer
t.before(async () => {
  await makeFeatures(at('features.arrows'))
  const ended = await train(folder, ...LONG)
  if (ended.status !== 0) throw new Error(ended.stderr)
  undisturbed = await readFile(at('model.arrows'))
})

/** Runs to the end and compares. */
const finishes = async (t: Test, ...args: string[]) => {
  rmSync(at('model.arrows'), { force: true })
  const ended = await train(folder, ...RESUMED, ...args)
  t.equal(ended.status, 0, ended.stderr)
  t.ok(readFileSync(at('model.arrows')).equals(undisturbed), 'the bytes of an undisturbed run')
  return ended
}

t.test(
  'killed five times at any moment, a run ends with the bytes of one never stopped',
  async t => {
    const draw = random(1, 'kills')
    for (let kills = 0; kills < 5; kills++) {
      const { child, reaches } = startTraining(folder, ...RESUMED)
      await reaches('start')
      await new Promise(go => setTimeout(go, draw.uniform() * 150))
      child.kill('SIGKILL')
      await child
    }
    await finishes(t)
    const names = readdirSync(at('ck'))
    t.ok(names.length <= 3 && names.every(name => /^step-\d{10}\.arrows$/.test(name)), `${names}`)
  },
)

t.test('a run that is over goes on to its end at once', async t => {
  const { stderr } = await finishes(t)
  t.match(stderr, /goes on from ck\/step-0000000\d+\.arrows, \d+ steps done/)
})

t.test('a damaged checkpoint is named and passed over for the one before', async t => {
  const [last, before] = readdirSync(at('ck')).sort().reverse() as [string, string]
  const bytes = readFileSync(at(`ck/${last}`))
  const DAMAGES: Record<string, (bytes: Buffer) => Buffer> = {
    'a flipped bit': whole => {
      const damaged = Buffer.from(whole)
      damaged[damaged.length >> 1]! ^= 1
      return damaged
    },
    'half of it': whole => whole.subarray(0, whole.length >> 1),
    nothing: () => Buffer.alloc(0),
    'no stream': () => Buffer.from('not a stream at all, whatever its name says\n'),
  }
  for (const [what, damage] of Object.entries(DAMAGES)) {
    writeFileSync(at(`ck/${last}`), damage(bytes))
    const { stderr } = await finishes(t)
    t.match(stderr, new RegExp(`warning: passes over a damaged checkpoint: ck/${last}: `), what)
    t.match(stderr, `goes on from ck/${before}`, what)
  }
  for (const name of readdirSync(at('ck'))) writeFileSync(at(`ck/${name}`), 'no stream')
  const { stderr } = await finishes(t)
  t.notMatch(stderr, 'goes on', 'none is whole: from the start')
})

t.test('the order is that of the steps, not that of the clock', async t => {
  const { utimesSync } = await import('node:fs')
  const names = readdirSync(at('ck')).sort()
  names.forEach((name, i) => utimesSync(at(`ck/${name}`), 2e9 - i * 1e6, 2e9 - i * 1e6))
  const { stderr } = await finishes(t)
  t.match(stderr, `goes on from ck/${names.at(-1)}`)
})

t.test('--resume in an empty folder starts; a full folder needs it', async t => {
  rmSync(at('ck'), { recursive: true })
  const first = await finishes(t)
  t.notMatch(first.stderr, 'goes on')
  const second = await train(folder, ...LONG, '--checkpoint', 'ck')
  t.equal(second.status, 64)
  t.match(second.stderr, /--checkpoint ck: holds the checkpoints of a run\n {2}--resume goes on/)
})

t.test('the checkpoints of another run are refused, with what differs', async t => {
  cpSync(at('features.arrows'), at('kept.arrows'))
  const REFUSED: [string[], number, RegExp][] = [
    [['--lr', '0.01'], 64, /made by another run: --lr was 0\.001, is 0\.01\n/],
    [['--seed', '1', '--refit'], 64, /--seed was 0, is 1, --refit was false, is true\n/],
    [['--patience', '3'], 64, /--patience was not given, is 3\n/],
  ]
  for (const [args, status, words] of REFUSED) {
    const ended = await train(folder, ...RESUMED, ...args)
    t.equal(ended.status, status)
    t.match(ended.stderr, words)
  }
  await makeFeatures(at('features.arrows'), '--where', 'split=train,val')
  const fewer = await train(folder, ...RESUMED)
  t.equal(fewer.status, 65)
  t.match(fewer.stderr, /made from other data than now; .* the features \(600 rows were, 480 are\)/)
  cpSync(at('kept.arrows'), at('features.arrows'))
  await finishes(t, '--log', 'log', '-v')
})

t.test('options that need another are refused without it', async t => {
  for (const args of [['--resume'], ['--checkpoint-every', '3']]) {
    const ended = await train(folder, ...LONG, ...args)
    t.equal(ended.status, 64)
    t.equal(faultOf('train', ended.stderr), '')
    t.match(ended.stderr, `${args[0]} needs --checkpoint DIR`)
  }
})

const WILD = ['--warmup', '1', '--clip', '0', '--decay', '0', '-o', 'wild.arrows']
const WRITTEN = ['--checkpoint', 'wild', '--checkpoint-every', '1']
const trainWildly = async (t: Test, ...args: string[]) => {
  rmSync(at('wild'), { recursive: true, force: true })
  const ended = await train(folder, ...WILD, ...args)
  t.equal(ended.status, 65)
  t.equal(faultOf('train', ended.stderr.replace(/^.* rows to train on.*\n/, '')), '')
  t.notOk(existsSync(at('wild.arrows')), 'no model')
  return ended
}

t.test(
  'when the loss is no number any more, the last good checkpoint is left and named',
  async t => {
    // Weights are still numbers, and embeddings are none, one checkpoint before the loss is none.
    for (const loss of ['pcmc', 'pcmr']) {
      const wild = ['--loss', loss, '--lr', '1e19', '--epochs', '10']
      const { stderr } = await trainWildly(t, ...wild, ...WRITTEN)
      t.match(
        stderr,
        /training: (the loss is NaN|a weight is no number) at step \d+ \(epoch \d+\)\n/,
      )
      const last = readdirSync(at('wild')).sort().at(-1)
      t.match(stderr, `wild/${last} is the last good state`)
      const embedded = await pcm('embed', [at('features.arrows'), '--model', at(`wild/${last}`)])
      t.equal(embedded.status, 0, `which embeds: ${embedded.stderr}`)
    }
  },
)

t.test('where no state was good, none is left or named', async t => {
  const { stderr } = await trainWildly(t, '--lr', '1e38', '--epochs', '10', ...WRITTEN)
  t.match(stderr, /the loss is NaN at step 2 \(epoch 1\)\n/)
  t.notMatch(stderr, 'last good state')
  t.same(readdirSync(at('wild')), [])
})

t.test(
  'the last step is followed by no other, and its heads must be good all the same',
  async t => {
    for (const checkpoints of [[], WRITTEN]) {
      const once = ['--lr', '1e38', '--epochs', '1', '--batch', '480', '--val', '0.1']
      const { stderr } = await trainWildly(t, ...once, ...checkpoints)
      t.match(stderr, /the loss of the final heads is NaN at step 1 \(epoch 1\)\n/)
      if (checkpoints.length > 0) t.same(readdirSync(at('wild')), [])
    }
  },
)

t.test('a checkpoint is a model that embeds', async t => {
  const checkpoint = at(`ck/${readdirSync(at('ck')).sort().at(-1)}`)
  const args = [at('features.arrows'), '--no-pg', '--threads', '1']
  const [a, b] = await Promise.all(
    [at('model.arrows'), checkpoint].map(model => pcm('embed', [...args, '--model', model])),
  )
  t.equal(b!.status, 0, b!.stderr)
  const rows = (bytes: Buffer) => bytes.subarray(bytes.indexOf('Embedding') + 1)
  t.equal(a!.stdout.length, b!.stdout.length)
  t.ok(rows(a!.stdout).length > 0)
})
