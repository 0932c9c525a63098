import { writeFileSync } from 'node:fs'
import t from 'tap'
import { parseModality } from '../../lib/extract/address.js'
import { openEncoder } from '../../lib/extract/encoders/registry.js'
import { findWords } from '../../lib/extract/encoders/words/find-words.js'
import { commonDirection, sifWeights } from '../../lib/extract/encoders/words/sif.js'
import { readWordVectors } from '../../lib/extract/encoders/words/word-vectors.js'
import { openExtraction } from '../../lib/extract/extract.js'

const GLOVE = 'the 1 0\ncat 0 2\ndo 3 3\n'
const VECTORS = { the: [1, 0], cat: [0, 2], do: [3, 3] }

t.test('GloVe, word2vec and JSON say the same; what is no table is refused', async t => {
  const folder = t.testdir({
    'a.txt': GLOVE,
    'b.txt': `3 2\n${GLOVE}`,
    'c.json': JSON.stringify(VECTORS),
    'ragged.txt': 'the 1 0\ncat 2 x\n',
    'list.json': '[1]',
    empty: '',
  })
  const expected = await readWordVectors(`${folder}/a.txt`)
  t.same([...expected.values], [1, 0, 0, 2, 3, 3])
  t.same([...expected.places.keys()], ['the', 'cat', 'do'])
  t.same(await readWordVectors(`${folder}/b.txt`), expected)
  t.same(await readWordVectors(`${folder}/c.json`), expected)
  for (const name of ['ragged.txt', 'list.json', 'empty'])
    await t.rejects(readWordVectors(`${folder}/${name}`), { exit: 65, message: /\w/ })
})

t.test('words are found as written, in lower case, in parts', async t => {
  const words = ['The', 'the', 'cat', "'s", 'do', "n't", 'ice', 'cream', 'New-York', 'naïve']
  const places = new Map(words.map((word, at) => [word, at]))
  const find = (text: string) => findWords(text, places).map(at => words[at])
  t.same(find('The CAT’s ice-cream; the New-York!'), [
    'The',
    'cat',
    "'s",
    'ice',
    'cream',
    'the',
    'New-York',
  ])
  t.same(find("don't"), ['do', "n't"])
  t.same(find('nai\u0308ve zzz'), ['naïve'])
  t.same(find(`${'x'.repeat(1e7)} cat ${'x-'.repeat(5e6)}`), ['cat'], 'among endless words')
})

t.test('mean, tokens and SIF by address', async t => {
  const folder = t.testdir({ 'a.txt': GLOVE })
  const encode = async (options: string, text: string) => {
    const address = `t=text:x@words:${folder}/a.txt${options}`
    const encoder = await openEncoder(parseModality(address), 1)
    const [result] = await encoder.encode([{ text }])
    return { encoder, result: result as Float32Array }
  }
  const mean = await encode('', 'the cat zzz')
  t.same([...mean.result], [0.5, 1])
  t.equal(mean.encoder.address, 'words:a.txt')
  const tokens = await encode(',tokens', 'cat the')
  t.same([tokens.encoder.layout, ...tokens.result], ['tokens', 0, 2, 1, 0])
  t.match((await encode('', 'zzz')).result, { name: 'PcmError', message: /no word of 'zzz'/ })

  const vectors = await readWordVectors(`${folder}/a.txt`)
  const weights = sifWeights(3, 1e-3)
  t.ok(weights[0]! < weights[2]!, 'rare words weigh more')
  const common = commonDirection(vectors, weights)
  const { result } = await encode(',sif', 'the cat')
  t.ok(Math.abs(result[0]! * common[0]! + result[1]! * common[1]!) < 1e-7)
  t.ok(Math.hypot(...result) > 0)
  await t.rejects(encode(',sif,tokens', 'x'), { exit: 64, message: /exclude/ })
  await t.rejects(openEncoder(parseModality('t=text:x@words:/nowhere.txt'), 1), {
    exit: 69,
    message: /no such file/,
  })
})

t.test('tokens of one column are tokens, of several columns views of tokens', async t => {
  const folder = t.testdir({ 'a.txt': GLOVE })
  const manifest = `${folder}/m.csv`
  writeFileSync(manifest, 'id,x,y\n1,the cat,do\n2,,cat cat\n')
  const extraction = await openExtraction({
    input: manifest,
    modalities: [
      `one=text:x@words:${folder}/a.txt,tokens`,
      `two=text:x+y@words:${folder}/a.txt,tokens`,
    ],
    columns: [],
    id: undefined,
    split: undefined,
    where: [],
    seed: 0,
    threads: 1,
  })
  t.teardown(() => extraction.close())
  t.same(
    extraction.modalities.map(({ layout }) => layout),
    ['tokens', 'views-of-tokens'],
  )
  for await (const { modalities } of extraction.batches(10)) {
    const { one, two } = modalities as Record<string, any>
    t.same(
      [[...one.offsets], [...one.present]],
      [
        [0, 2, 2],
        [1, 0],
      ],
    )
    t.same([...one.values], [1, 0, 0, 2])
    t.same(
      [[...two.offsets], [...two.viewOffsets]],
      [
        [0, 2, 3],
        [0, 2, 3, 5],
      ],
    )
    t.same([...two.values], [1, 0, 0, 2, 3, 3, 0, 2, 0, 2])
  }
})
