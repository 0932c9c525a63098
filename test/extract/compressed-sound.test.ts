import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { random } from '../../fixtures/maker/random.js'
import { PcmError } from '../../lib/error.js'
import { readSound } from '../../lib/extract/sound/read-sound.js'
import { mutate } from '../torture/fuzz/mutate.js'
import { withOggChecksums } from '../torture/fuzz/ogg.js'

const FOLDER = 'test/extract/samples/sounds'

/** What libsndfile decodes from the samples, by test/crosscheck/compressed-sounds.py. */
const reference = JSON.parse(readFileSync(`${FOLDER}/reference.json`, 'utf8')) as Record<
  string,
  { rate: number; length: number; every101: number[] }
>

/** Bad data, as an error that tap compares. */
const REFUSED = Object.assign(new Error(), { name: 'PcmError', exit: 65 })

const scratch = mkdtempSync(join(tmpdir(), 'pcm-sound-'))
t.teardown(() => rmSync(scratch, { recursive: true }))

const read = (bytes: Uint8Array) => {
  const path = join(scratch, 'sound')
  writeFileSync(path, bytes)
  return readSound({ path })
}

for (const [name, { rate, length, every101 }] of Object.entries(reference)) {
  // FLAC loses nothing; Vorbis and MP3 decode to floats here as there; libopus may use integers.
  const tolerance = { flac: 1e-6, opus: 2e-3 }[name.split('.').at(-1)!] ?? 1e-4
  t.test(`${name}: the samples of libsndfile, within ${tolerance}, by content alone`, async t => {
    const sound = await read(readFileSync(`${FOLDER}/${name}`))
    t.equal(sound.rate, rate)
    t.equal(sound.samples.length, length)
    const errors = every101.map((value, at) => Math.abs(sound.samples[at * 101]! - value))
    t.ok(Math.max(...errors) < tolerance, `${Math.max(...errors)}`)
  })
}

t.test('a sound cut short is refused where the format tells', async t => {
  for (const name of ['mono.flac', 'flac.ogg', 'stereo.ogg', 'stereo.opus']) {
    const bytes = readFileSync(`${FOLDER}/${name}`)
    await t.rejects(read(bytes.subarray(0, bytes.length * 0.7)), REFUSED, name)
  }
})

t.test(
  'a page of Ogg that is not what was written is refused before a decoder sees it',
  async t => {
    for (const name of ['flac.ogg', 'stereo.ogg', 'stereo.opus']) {
      const bytes = readFileSync(`${FOLDER}/${name}`)
      const harmed = Buffer.from(bytes)
      harmed[Math.floor(bytes.length / 2)]! ^= 1
      await t.rejects(
        read(harmed),
        { ...REFUSED, message: /Ogg page at byte \d+ has another/ },
        name,
      )
      const begins = Buffer.from(bytes)
      begins[bytes.indexOf('OggS', 4, 'latin1')] = 0
      await t.rejects(read(begins), { ...REFUSED, message: /no Ogg page at byte/ }, name)
      const more = await read(Buffer.concat([bytes, Buffer.from('TAG and more')]))
      t.equal(
        more.samples.length,
        reference[name]!.length,
        'what stands behind the end is no sound',
      )
    }
  },
)

t.test('an Opus packet that breaks the memory of its decoder is a damaged sound', async t => {
  const bytes = readFileSync(`${FOLDER}/stereo.opus`)
  const harmed = [bytes.subarray(0, 195), Buffer.from('__proto__'), bytes.subarray(195)]
  const refused = { ...REFUSED, message: /damaged Opus sound/ }
  await t.rejects(read(withOggChecksums(Buffer.concat(harmed))), refused)
})

t.test('what is no sound is refused with the formats that are', async t => {
  await t.rejects(read(Buffer.from('hello')), { ...REFUSED, message: /expected WAV, FLAC/ })
  await t.rejects(read(Buffer.alloc(0)), REFUSED)
})

t.test('harmed sounds are decoded or refused: no crash, no hang, nothing printed', async t => {
  const draw = random(7)
  for (const name of Object.keys(reference)) {
    const sound = readFileSync(`${FOLDER}/${name}`)
    for (let round = 0; round < 12; round++) {
      const harmed = mutate(sound, draw, { text: false })
      const outcome = await read(harmed).catch((error: unknown) => error)
      if (outcome instanceof PcmError) t.equal(outcome.exit, 65)
      else t.notOk(outcome instanceof Error, `${name} ${round}: ${outcome}`)
    }
  }
})

t.test('sounds decoded at the same time leave the console as it was', async t => {
  const { error } = console
  const names = Object.keys(reference)
  const sounds = await Promise.all(names.map(name => readSound({ path: `${FOLDER}/${name}` })))
  t.same(
    sounds.map(({ rate }) => rate),
    names.map(name => reference[name]!.rate),
  )
  t.equal(console.error, error)
})
