import { readFileSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { collect } from './collect.js'

/** Items that cannot be used, one kind each: what becomes of them is what --on-error says. */
const folder = t.testdir({})
const SOUNDS = 'test/extract/samples/sounds'
const broken = (name: string) => readFileSync(`fixtures/broken/inputs/${name}`)

const cut = (bytes: Buffer, share: number) => bytes.subarray(0, bytes.length * share)
const sound = (name: string) => readFileSync(`${SOUNDS}/${name}`)

/** STREAMINFO claims 2^36 - 1 samples (RFC 9639, 8.2). */
function claiming(flac: Buffer): Buffer {
  const bytes = Buffer.from(flac)
  bytes[21]! |= 15
  bytes.fill(0xff, 22, 26)
  return bytes
}

const jpeg = await sharp('fixtures/hf/picture.png').resize(200, 200).jpeg().toBuffer()
const gif = await sharp('fixtures/hf/picture.png').gif().toBuffer()

const PICTURES: Record<string, Buffer> = {
  'a truncated JPEG': cut(jpeg, 0.6),
  'a truncated PNG': broken('truncated.png'),
  'the header of a PNG of 50,000 x 50,000': broken('huge.png'),
  'a GIF without its end': cut(gif, 0.5),
  'a text': Buffer.from('hello'),
  'zero bytes': Buffer.alloc(0),
  'an SVG that asks for a file': Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"><image href="/etc/passwd"/></svg>',
  ),
}

const SOUND_FILES: Record<string, Buffer> = {
  'a WAV that lies about its length': broken('lying.wav'),
  'a WAV without samples': broken('still.wav'),
  'a truncated FLAC': cut(sound('mono.flac'), 0.7),
  'a FLAC that claims 2^36 samples': claiming(sound('mono.flac')),
  'a truncated Ogg Vorbis': cut(sound('stereo.ogg'), 0.7),
  'a truncated Opus': cut(sound('stereo.opus'), 0.7),
  'a truncated FLAC in Ogg': cut(sound('flac.ogg'), 0.7),
  'the first bytes of an MP3': sound('mono.mp3').subarray(0, 40),
  'an MP3 of zeros': Buffer.concat([sound('mono.mp3').subarray(0, 4), Buffer.alloc(4000)]),
  'a picture': broken('picture.png'),
}

const place = (name: string, bytes: Uint8Array): string => {
  const path = `${folder}/${name}`
  writeFileSync(path, bytes)
  return path
}

function kindTest(address: string, good: Buffer, kinds: Record<string, Buffer>) {
  const before = place(`${address}-good`.replace(/\W/g, '-'), good)
  Object.entries(kinds).forEach(([kind, bytes], number) =>
    t.test(`${kind}: refused, left out or null`, async t => {
      const bad = place(`${address.slice(0, 1)}${number}`, bytes)
      const manifest = place(`m.csv`, Buffer.from(`id,f\na,${before}\nb,${bad}\nc,${before}\n`))
      await t.rejects(collect(manifest, [address]), {
        exit: 65,
        message: /^[^\n]*line 3 \(id 'b'\)[^\n]*$/,
      })
      const skipped = await collect(manifest, [address], { onError: 'skip' })
      t.same(skipped.values('id'), ['a', 'c'])
      const kept = await collect(manifest, [address], { onError: 'null' })
      t.same(kept.values('id'), ['a', 'b', 'c'])
      t.same([...(kept.first['x'] as any).present], [1, 0, 1])
      for (const { batches } of [skipped, kept])
        t.match(batches[0]!.bad, [{ row: 1, id: 'b', modality: 'x' }], 'and it is counted')
    }),
  )
}

kindTest('x=image:f@hog,size=16,cell=4', broken('picture.png'), PICTURES)
kindTest('x=audio:f@logmel,bands=8,parts=1', sound('mono.flac'), SOUND_FILES)
