import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { faultOf, fixture, pcm } from './program.js'

/** Features that are no numbers: refused with their row, or missing where that is asked for. */
const folder = t.testdir()
const at = (name: string) => join(folder, name)
const broken = fixture('broken/streams/features-nan.arrows')
const training = ['--epochs', '2', '--batch', '8', '--dim', '4', '--no-pg']
const events = () =>
  readFileSync(at('log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'missing')

t.test('pcm-train refuses them, or trains without and says so', async t => {
  const refused = await pcm('train', [broken, ...training])
  t.equal(refused.status, 65)
  t.equal(faultOf('train', refused.stderr), '')
  t.match(refused.stderr, /column 'photo': row 5: value \d+ is NaN, expected a finite number/)
  const args = ['--on-error', 'null', '--log', at('log'), '-o', at('model.arrows')]
  const trained = await pcm('train', [broken, ...training, ...args])
  t.equal(trained.status, 1, trained.stderr)
  t.match(
    trained.stderr,
    "warning: column 'photo': rows without finite numbers, taken as missing: 1\n",
  )
  t.match(events(), [{ column: 'photo', row: 5 }])
})

t.test('pcm-embed refuses them, or leaves that embedding out', async t => {
  const args = [broken, '--model', at('model.arrows')]
  const refused = await pcm('embed', args)
  t.equal(refused.status, 65)
  t.match(refused.stderr, /column 'photo': row 5: /)
  const to = ['--on-error', 'null', '--log', at('log'), '-o', at('embedded.arrows')]
  const embedded = await pcm('embed', [...args, ...to])
  t.equal(embedded.status, 1, embedded.stderr)
  t.match(events(), [{ column: 'photo', row: 5 }])
  const sound = await pcm('eval', [at('embedded.arrows'), '--format', 'json'])
  t.equal(sound.status, 0, sound.stderr)
})
