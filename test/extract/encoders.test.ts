import sharp from 'sharp'
import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { openPool } from '../../lib/extract/encoders/pool.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { gradientHistograms } from '../../lib/extract/encoders/hog-gradient.js'
import { colourHistograms } from '../../lib/extract/encoders/hog-colour.js'
import {
  charGrams,
  runsOf,
  type TakeGram,
  wordGrams,
} from '../../lib/extract/encoders/text-grams.js'
import { decodeImage, square } from '../../lib/extract/image.js'

const vector = async (address: string, text: string): Promise<Float32Array> => {
  const encoder = await openEncoder(parseModality(address), 1)
  const [result] = await encoder.encode([{ text }])
  if (result instanceof Error) throw result
  return result!
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0)

/** What a walk over the grams takes, as texts. */
const taken = (walk: (take: TakeGram) => void): string[] => {
  const grams: string[] = []
  walk((bytes, start, end) => grams.push(Buffer.from(bytes.subarray(start, end)).toString()))
  return grams
}

t.test(
  'n-grams: of words with their ends marked, from one character in scripts without spaces',
  t => {
    const chars = (text: string, shortest: number, longest: number): string[] =>
      taken(take => charGrams(runsOf(text), shortest, longest, take))
    t.same(chars('Ab!', 2, 3), [' a', 'ab', 'b ', ' ab', 'ab ', ' !', '! ', ' ! '])
    t.same(chars('日本', 2, 3), ['日', '本', '日本'])
    t.same(chars('ｶﾀ', 2, 2), ['カ', 'タ', 'カタ'], 'NFKC')
    t.same(chars('𝛼é', 2, 2), [' α', 'αé', 'é '], 'characters, not their bytes')
    t.same(
      taken(take => wordGrams(runsOf('The café'), 2, take)),
      ['\tthe', '\tcafé', '\tthe\tcafé'],
    )
    t.end()
  },
)

t.test('ten million letters without a blank are taken as several words', t => {
  for (const letter of ['x', '雪', '!']) {
    const runs = runsOf(letter.repeat(1e7))
    t.equal(
      runs.reduce((sum, run) => sum + run.length, 0),
      1e7,
      letter,
    )
  }
  t.same(runsOf('x'.repeat(65_536)), ['x'.repeat(65_536)])
  t.end()
})

t.test('texts that share words are near, in any language; others are not', async t => {
  const pairs = [
    ['a red car', 'red cars', 'forty-two'],
    ['un coche rojo', 'coches rojos', 'gato'],
    ['赤い車', '赤い自動車', '猫の顔'],
  ] as const
  for (const [text, like, unlike] of pairs) {
    const [a, b, c] = await Promise.all(
      [text, like, unlike].map(each => vector('x=text:t@ngram', each)),
    )
    t.ok(Math.abs(cosine(a!, a!) - 1) < 1e-6, 'unit length')
    t.ok(cosine(a!, b!) > 0.2 && cosine(a!, c!) < 0.1, text)
  }
  await t.rejects(vector('x=text:t@ngram', '\u200b'), { message: /without letters/, exit: 65 })
})

t.test('a vertical edge votes for the horizontal gradient only', t => {
  const data = new Uint8Array(32 * 32 * 3).fill(0)
  for (let at = 0; at < data.length; at++) if ((at / 3) % 32 >= 16) data[at] = 200
  const bins = 4
  const into = new Float32Array(3 * 3 * 4 * bins)
  gradientHistograms({ ...square(32), data }, { size: 32, cell: 8, block: 2, bins }, into)
  // Angle 0 lies between the last bin and the first, which share the vote.
  const byBin = Array.from({ length: bins }, (_, bin) =>
    into.reduce((sum, value, at) => sum + (at % bins === bin ? value : 0), 0),
  )
  t.ok(byBin[0]! > 0 && Math.abs(byBin[0]! - byBin[3]!) < 1e-5)
  t.same(byBin.slice(1, 3), [0, 0])
  t.ok(into.every(value => value >= 0 && value <= 1))
  t.end()
})

t.test('a flat picture has no gradients, and its colour alone', t => {
  const red = new Uint8Array(16 * 16 * 3)
  for (let at = 0; at < red.length; at += 3) red[at] = 255
  const gradients = new Float32Array(36)
  gradientHistograms(
    { ...square(16), data: red },
    { size: 16, cell: 8, block: 2, bins: 9 },
    gradients,
  )
  t.ok(gradients.every(value => value === 0))
  const colours = new Float32Array(12)
  colourHistograms({ ...square(16), data: red }, 1, colours)
  t.same([...colours], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  colourHistograms({ ...square(16), data: red.fill(255) }, 1, colours.fill(0))
  t.same([...colours], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'white is the last level')
  t.end()
})

t.test('pictures: upright by EXIF, over white where transparent, whatever the format', async t => {
  const directory = t.testdir({})
  const left = { create: { width: 40, height: 20, channels: 4 as const, background: '#0000' } }
  const half = await sharp({ create: { ...left.create, width: 20, background: '#000f' } })
    .png()
    .toBuffer()
  const picture = sharp(left).composite([{ input: half, left: 0, top: 0 }])
  await picture.clone().png().toFile(`${directory}/a.png`)
  await picture.clone().webp({ lossless: true }).toFile(`${directory}/a.webp`)
  for (const name of ['a.png', 'a.webp']) {
    const { data } = await decodeImage({ path: `${directory}/${name}` }, square(16))
    t.same([data[0], data[15 * 3]], [0, 255], `${name}: black on the left, white where nothing is`)
  }
  const turned = await sharp(`${directory}/a.png`).flatten({ background: '#fff' }).jpeg().toBuffer()
  await sharp(turned).withMetadata({ orientation: 6 }).toFile(`${directory}/turned.jpg`)
  const { data } = await decodeImage({ path: `${directory}/turned.jpg` }, square(16))
  t.ok(data[0]! < 20 && data[15 * 3]! < 20 && data[15 * 16 * 3]! > 235, 'black on top')
})

t.test('threads give what this thread gives, in order, with errors in their places', async t => {
  const directory = t.testdir({ 'bad.png': 'text' })
  await sharp({ create: { width: 9, height: 9, channels: 3, background: '#1a7' } })
    .png()
    .toFile(`${directory}/good.png`)
  const items = Array.from({ length: 50 }, (_, at) => ({
    path: `${directory}/${at % 7 === 3 ? 'bad' : 'good'}.png`,
  }))
  const address = parseModality('p=image:f@hog,size=16')
  const encoder = await openEncoder(address, 1)
  const pool = openPool(2)
  t.teardown(() => pool.close())
  const [alone, shared] = [await encoder.encode(items), await pool.encode(address, items)]
  t.same(
    shared.map(one => (one instanceof Error ? one.message : [...one])),
    alone.map(one => (one instanceof Error ? one.message : [...one])),
  )
  t.match(shared[3], { name: 'PcmError', exit: 65 })
})

t.test('an address tells the options that took effect; others are refused', async t => {
  const encoder = await openEncoder(parseModality('v=audio:f@logmel,mfcc,parts=2'), 1)
  t.equal(encoder.address, 'logmel,bands=40,parts=2,mfcc,count=20')
  t.equal(encoder.dim, 2 * 4 * 20)
  t.equal(
    (await openEncoder(parseModality('p=image:f'), 1)).address,
    'hog,size=64,cell=8,block=2,bins=9,grid=4',
  )
  for (const [message, text] of [
    [/unknown option 'dims'/, 'x=text:t@ngram,dims=3'],
    [/dim: '3\.5'/, 'x=text:t@ngram,dim=3.5'],
    [/takes no value/, 'v=audio:t@logmel,mfcc=1'],
    [/unknown encoder 'toString'/, 'x=text:t@toString'],
    [/encodes image, not text/, 'x=text:t@hog'],
    [/too small/, 'x=image:t@hog,size=16,cell=16'],
  ] as const) {
    await t.rejects(openEncoder(parseModality(text), 1), { message, exit: 64 })
  }
})
