import { readFile } from 'node:fs/promises'
import t from 'tap'
import { faultOf, fixture, pcm } from './program.js'

/** Files of fixtures/broken/inputs by the modality that reads them: pcm-extract refuses each. */
const input = (name: string) => fixture(`broken/inputs/${name}`)

const MANIFESTS: Record<string, string[]> = {
  'text=text:caption': [
    'empty',
    'quotes.csv',
    'ragged.csv',
    'nul.csv',
    'latin1.csv',
    'twice.csv',
    'half.jsonl',
    'list.jsonl',
    'nested.jsonl',
  ],
  'attr=vector:attr': ['words.csv', 'infinite.csv'],
  'photo=image:picture': [
    'truncated-picture.csv',
    'text-picture.csv',
    'huge-picture.csv',
    'empty-picture.csv',
    'absent-picture.csv',
  ],
  'voice=audio:sound': [
    'lying-sound.csv',
    'text-sound.csv',
    'mp3-sound.csv',
    'still-sound.csv',
    'empty-sound.csv',
  ],
}

/** What the line must name where a manifest is sound and a file that it names is not. */
const BAD_FILES: Record<string, string> = {
  'truncated-picture.csv': 'truncated.png',
  'text-picture.csv': 'text.png',
  'huge-picture.csv': 'huge.png',
  'empty-picture.csv': 'empty',
  'absent-picture.csv': 'nowhere.png',
  'lying-sound.csv': 'lying.wav',
  'text-sound.csv': 'text.png',
  'mp3-sound.csv': 'mp3.wav',
  'still-sound.csv': 'still.wav',
  'empty-sound.csv': 'empty',
}

const ARRAYS = ['lying.npy', 'cut.npy', 'objects.npy', 'text.npy', 'text.mat', 'cut.mat']

for (const [modality, files] of Object.entries(MANIFESTS))
  t.test(`pcm-extract -m ${modality}: what cannot be read is refused with one line`, async t => {
    for (const file of files) {
      const ended = await pcm('extract', [input(file), '-m', modality])
      t.equal(ended.status, 65, `${file}: ${ended.stderr}`)
      t.equal(faultOf('extract', ended.stderr), '', `${file}: one line`)
      t.match(
        ended.stderr,
        BAD_FILES[file] ?? /line \d|\b[a-z0-9]+\.(csv|jsonl)|empty/,
        'and a place',
      )
    }
  })

t.test('pcm-extract: an array file that lies or is cut is refused with one line', async t => {
  for (const file of ARRAYS) {
    const ended = await pcm('extract', ['-m', `a=vector:${input(file)}`])
    t.equal(ended.status, 65, `${file}: ${ended.stderr}`)
    t.equal(faultOf('extract', ended.stderr), '', `${file}: one line`)
  }
})

t.test('pcm-extract: nothing, a missing column and a missing file', async t => {
  const modality = ['-m', 'text=text:caption']
  const nothing = await pcm('extract', modality)
  t.equal(nothing.status, 65, nothing.stderr)
  t.equal(faultOf('extract', nothing.stderr), '')

  const header = await pcm('extract', modality, { input: Buffer.from('id,caption\n') })
  t.equal(header.status, 2, `a header and no rows: ${header.stderr}`)
  t.equal(faultOf('extract', header.stderr), '')

  const world = fixture('world/items.csv')
  const column = await pcm('extract', [world, '-m', 'text=text:captoin_1'])
  t.equal(column.status, 65, column.stderr)
  t.equal(faultOf('extract', column.stderr), '')
  t.match(column.stderr, 'captoin_1', 'the column is named')

  const absent = await pcm('extract', [fixture('world/nowhere.csv'), ...modality])
  t.equal(absent.status, 66, absent.stderr)
  t.equal(faultOf('extract', absent.stderr), '')

  const stream = await readFile(fixture('broken/streams/features.arrows'))
  const arrow = await pcm('extract', modality, { input: stream.subarray(0, stream.length - 8) })
  t.equal(arrow.status, 65, `a stream without its end is no manifest: ${arrow.stderr}`)
  t.equal(faultOf('extract', arrow.stderr), '')
})
