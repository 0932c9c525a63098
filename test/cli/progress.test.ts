import t from 'tap'
import { openLog } from '../../lib/cli/log.js'
import { chooseStyle, openProgress, showField } from '../../lib/cli/progress.js'

t.test('a bar is for somebody who looks', async t => {
  const asked = { progress: undefined, quiet: false }
  const terminal = { isTTY: true, env: {} }
  t.equal(chooseStyle(asked, terminal), 'bar')
  t.equal(chooseStyle(asked, { isTTY: false, env: {} }), 'lines')
  t.equal(chooseStyle(asked, { isTTY: true, env: { CI: '1' } }), 'lines')
  t.equal(chooseStyle(asked, { isTTY: true, env: { TERM: 'dumb' } }), 'lines')
  t.equal(chooseStyle({ ...asked, progress: true }, { isTTY: true, env: { CI: '1' } }), 'bar')
  t.equal(chooseStyle({ ...asked, progress: true }, { isTTY: false, env: {} }), 'lines')
  t.equal(chooseStyle({ ...asked, progress: false }, terminal), 'none')
  t.equal(chooseStyle({ ...asked, quiet: true }, terminal), 'none')
})

t.test('a short run shows nothing', async t => {
  const written = t.capture(process.stderr, 'write')
  const log = openLog({
    program: 'pcm-test',
    quiet: false,
    verbose: 0,
    path: undefined,
    timed: false,
  })
  for (const style of ['bar', 'lines', 'none'] as const) {
    const progress = openProgress(style, { unit: 'row' }, log)
    for (let row = 1; row < 100; row++) progress.update(row, { loss: 1 })
    progress.stop()
  }
  t.same(written(), [])
})

t.test('a field is short', async t => {
  t.equal(showField(['loss', 0.0123456]), 'loss 0.01235')
  t.equal(showField(['rate', 1234567]), 'rate 1235000')
  t.equal(showField(['stage', 'refit']), 'stage refit')
})
