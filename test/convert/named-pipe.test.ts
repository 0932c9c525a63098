import t from 'tap'
import { fixture, root, shell } from '../programs/program.js'

const convert = `"${process.execPath}" "${root}dist/bin/pcm-convert.js"`

/** It was opened once to look at its first bytes and once more to be read: the second time hung. */
t.test('a named pipe is opened once, whatever comes through it', async t => {
  const folder = t.testdir({ 'items.csv': 'id,a\nx,1\ny,2\n' })
  const stream = fixture('broken/streams/features.arrows')
  for (const [file, from] of [
    [stream, ''],
    ['items.csv', ''],
    ['items.csv', '--from csv'],
  ] as const) {
    const line = `mkfifo pipe; cat '${file}' > pipe & ${convert} pipe ${from} --to jsonl; s=$?; rm pipe; exit $s`
    const piped = await shell(line, folder)
    t.equal(piped.status, 0, piped.stderr)
    const plain = await shell(`${convert} '${file}' --to jsonl`, folder)
    t.same(piped.stdout.toString(), plain.stdout.toString(), file)
  }
  const bad = await shell(`mkfifo pipe; echo x > pipe & ${convert} pipe --from npy`, folder)
  t.equal(bad.status, 65)
  t.match(bad.stderr, /^pcm-convert: pipe: /, 'the pipe is named, not its copy')
})
