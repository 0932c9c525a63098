import { writeFileSync } from 'node:fs'
import t from 'tap'
import { collect as extract } from './collect.js'

const CSV = `id,label,code,score,text,other,x1,x2
a,cat,007,1.5,one,uno,1,2
b,dog,011,2,,dos,3,4
c,cat,,,three,,,
a,,012,3,four,cuatro,7,8
`
const files = () => {
  const directory = t.testdir({ 'm.csv': CSV })
  return `${directory}/m.csv`
}

t.test('a manifest becomes columns: vectors, categories, texts, views; gaps are null', async t => {
  const result = await extract(
    files(),
    ['v=vector:x1..x2', 'k=category:label', 'one=text:text', 'two=text:text+other@ngram,dim=16'],
    { columns: ['code=code', 'score=score'] },
  )
  const { v, k, one, two } = result.first as Record<string, any>
  t.same([...v.values], [1, 2, 3, 4, 0, 0, 7, 8])
  t.same([...v.present], [1, 1, 0, 1])
  t.same([...k.codes], [0, 1, 0, 0])
  t.same([...k.present], [1, 1, 1, 0])
  t.same(result.modalities[1]!.vocabulary, ['cat', 'dog'])
  t.same([...one.present], [1, 0, 1, 1])
  t.equal(one.dim, 1024)
  t.same([two.layout, [...two.offsets], [...two.present]], ['views', [0, 2, 3, 4, 6], [1, 1, 1, 1]])
  t.equal(result.modalities[3]!.encoder, 'ngram,dim=16,min=2,max=5,words=2')
  t.same(result.values('id'), ['a', 'b', 'c', 'a'], 'an id may stand twice')
  t.same(result.values('code'), ['007', '011', null, '012'], 'names that look like numbers')
  t.same(result.values('score'), [1.5, 2, null, 3])
  t.same(
    result.others.map(({ name, type }) => `${name}:${type}`),
    ['id:text', 'code:text', 'score:real'],
  )
})

t.test('the size of batches changes nothing but the batches', async t => {
  const path = files()
  const whole = await extract(path, ['v=vector:x*', 'w=text:other'])
  const parts = await extract(path, ['v=vector:x*', 'w=text:other'], { size: 1 })
  t.equal(parts.batches.length, 4)
  const values = parts.batches.flatMap(({ modalities }) => [...(modalities['w'] as any).values])
  t.same(values, [...(whole.first['w'] as any).values])
})

t.test('rows are numbered and split before --where leaves some out', async t => {
  const path = files()
  const more = { split: 'train=0:2,test=2:', where: ['label=cat,dog', 'split=test'] }
  const result = await extract(path, ['v=text:other+text'], { ...more, columns: ['label=label'] })
  t.same(result.values('id'), ['c'])
  const numbered = await extract(path, ['k=category:label'], { id: undefined, where: ['x2=8,4'] })
  t.same(numbered.values('id'), ['b', 'a'], 'a manifest column that is not carried along')
  t.same(numbered.modalities[0]!.vocabulary, ['cat', 'dog'], 'the vocabulary is that of all rows')
  await t.rejects(extract(path, ['k=category:label'], { where: ['label=bird'] }), {
    message: /no row satisfies/,
    exit: 2,
  })
})

t.test('JSON Lines: lists are views of text and vectors of numbers', async t => {
  const path = `${t.testdir({})}/m.jsonl`
  const rows = [
    { t: ['a b', 'c d'], v: [1, 2], w: [[1], [2]], n: 1 },
    { t: 'e f', v: null, w: [[3]], n: 2 },
    { v: [3, 4], w: 4, n: null, late: true },
  ]
  writeFileSync(path, rows.map(row => JSON.stringify(row)).join('\n'))
  const result = await extract(path, ['t=text:t', 'v=vector:v', 'w=vector:w'], {
    columns: ['n=n', 'late=late'],
  })
  const { t: texts, v, w } = result.first as Record<string, any>
  t.same([...texts.offsets], [0, 2, 3, 3])
  t.same(
    [[...v.values], [...v.present]],
    [
      [1, 2, 0, 0, 3, 4],
      [1, 0, 1],
    ],
  )
  t.same([w.layout, [...w.values], [...w.offsets]], ['views', [1, 2, 3, 4], [0, 2, 3, 4]])
  t.same(result.values('id'), ['0', '1', '2'], 'row numbers where there is no id')
  t.same(result.values('late'), [null, null, true])
  await t.rejects(extract(path, ['x=text:nothing']), { message: /no column 'nothing'/, exit: 65 })
})

t.test('arrays in files need no manifest; all their rows must agree', async t => {
  const mat = 'test/formats/samples/plain.mat'
  const result = await extract('-', [`a=vector:${mat}::X.0`, `a=vector:${mat}::X.1`], {
    columns: [`name=${mat}::names`],
  })
  t.same([...(result.first['a'] as any).values], [0, 1, 0, 0.5, 2, 3, 1, 1.5, 4, 5, 2, 2.5])
  t.same(result.values('name'), ['art', 'biology', 'ñandú'])
  const category = await extract('-', [`k=category:${mat}::names`], {})
  t.same([...(category.first['k'] as any).codes], [0, 1, 2])
  await t.rejects(extract('-', [`a=vector:${mat}::X.0`, `b=vector:${mat}::X.1,t`]), {
    message: /X\.0: 3; .*X\.1,t: 2/,
    exit: 65,
  })
  await t.rejects(extract('-', [`a=vector:${mat}::X.0`], { where: ['split=a'] }), {
    message: /no column 'split'/,
    exit: 64,
  })
})

t.test('a vocabulary from a file fixes the codes', async t => {
  const directory = t.testdir({ 'm.csv': CSV, words: 'dog\nbird\ncat\n', few: 'cat\n' })
  const result = await extract(`${directory}/m.csv`, [`k=category:label,vocab=${directory}/words`])
  t.same([...(result.first['k'] as any).codes], [2, 0, 2, 0])
  await t.rejects(extract(`${directory}/m.csv`, [`k=category:label,vocab=${directory}/few`]), {
    message: /m\.csv: line 3 \(id 'b'\): 'dog' is not among the 1 categories/,
    exit: 65,
  })
})

t.test('a mistake is told with file, row and column', async t => {
  const directory = t.testdir({
    'm.csv': 'id,p,v,w\na,gone.png,1,\nb,gone.png,x,2\n',
    'empty.csv': 'id,p\n',
    'holes.csv': 'id,p\na,x\n,y\n',
    'twice.csv': 'id,p,p\na,b,c\n',
  })
  const at = (name: string) => `${directory}/${name}.csv`
  const refused: [RegExp, () => Promise<unknown>, number][] = [
    [
      /m\.csv: line 2 \(id 'a'\): column 'p': .*gone\.png: no such file/,
      () => extract(at('m'), ['p=image:p']),
      65,
    ],
    [
      /line 3 \(id 'b'\): column 'v': "x", expected a finite number/,
      () => extract(at('m'), ['v=vector:v']),
      65,
    ],
    [/line 2 \(id 'a'\): column 'w' is empty/, () => extract(at('m'), ['v=vector:v+w']), 65],
    [/holds no rows/, () => extract(at('empty'), ['p=text:p']), 2],
    [/line 3: column 'id': no id/, () => extract(at('holes'), ['p=text:p']), 65],
    [/two columns are named 'p'/, () => extract(at('twice'), ['p=text:p']), 65],
    [/no column 'q'/, () => extract(at('m'), ['p=text:q']), 65],
    [/no column 'name'/, () => extract(at('m'), ['p=text:p'], { id: 'name' }), 65],
    [/'p' is taken/, () => extract(at('m'), ['p=text:p'], { columns: ['p=v'] }), 64],
    [/'split' is taken/, () => extract(at('m'), ['split=text:p'], { split: 'a=0.5' }), 64],
    [/takes no encoder/, () => extract(at('m'), ['v=vector:v@hog']), 64],
  ]
  for (const [message, act, exit] of refused) await t.rejects(act(), { message, exit })
})

t.test('float16 is a property of the column, whatever the encoder and its layout', async t => {
  const folder = t.testdir({ 'w.txt': 'one 1 0\ntwo 0 2\n', 'm.csv': 'id,text\na,one two\n' })
  const { modalities } = await extract(`${folder}/m.csv`, [
    'vector=text:text@ngram,dim=16,float16',
    `tokens=text:text@words:${folder}/w.txt,tokens,float16`,
    'joined=text:text@ngram,dim=16,float16',
    'joined=text:text@ngram,dim=16',
  ])
  const found = modalities.map(({ layout, float }) => [layout, float])
  const [vector, tokens, joined] = found
  t.same(vector, ['vector', 'float16'])
  t.same(tokens, ['tokens', 'float16'])
  t.same(joined, ['vector', 'float32'], 'a part that is larger makes the whole larger')
  t.match(modalities[0]!.encoder, 'ngram,float16,dim=16')
})
