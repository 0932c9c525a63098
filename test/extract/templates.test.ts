import t from 'tap'
import { openExtraction } from '../../lib/extract/extract.js'
import { fill, readTemplates } from '../../lib/extract/templates.js'

const extract = async (input: string, modality: string) => {
  const extraction = await openExtraction({
    input,
    modalities: [modality],
    columns: [],
    id: undefined,
    split: undefined,
    where: [],
    seed: 0,
    threads: 1,
  })
  try {
    for await (const { modalities } of extraction.batches(100))
      return { ...extraction, column: modalities[extraction.modalities[0]!.name] as any }
    throw new Error('no batch')
  } finally {
    await extraction.close()
  }
}

t.test('a text through templates is what its sentences are as views', async t => {
  const folder = t.testdir({
    'names.csv': 'id,name\n1,cat\n2,\n3,$& dog\n',
    'sentences.csv': 'id,a,b\n1,a cat.,cat or cat\n2,,\n3,a $& dog.,$& dog or $& dog\n',
    'prompts.txt': '\ufeffa {}.\r\n\n{c} or {}\n',
  })
  const { column, modalities } = await extract(
    `${folder}/names.csv`,
    `text=text:name@ngram,templates=${folder}/prompts.txt,dim=32`,
  )
  const spelt = await extract(`${folder}/sentences.csv`, 'text=text:a+b@ngram,dim=32')
  t.same(column, spelt.column)
  t.same([...column.offsets], [0, 2, 2, 4])
  t.equal(modalities[0]!.layout, 'views')
  t.equal(modalities[0]!.encoder, spelt.modalities[0]!.encoder, 'the encoder does not know')
})

t.test('one template makes views, too; every gap is filled as it stands', async t => {
  t.equal(fill('{} and {c}', '$1'), '$1 and $1')
  const folder = t.testdir({ 'm.csv': 'id,name\n1,cat\n', 'p.txt': 'a {}' })
  const { column } = await extract(`${folder}/m.csv`, `t=text:name,templates=${folder}/p.txt`)
  t.equal(column.layout, 'views')
})

t.test('templates that are none are refused', async t => {
  const folder = t.testdir({
    'm.csv': 'id,name\n1,cat\n',
    'gapless.txt': 'a {}\nsomething\n',
    'empty.txt': '\n\n',
  })
  await t.rejects(readTemplates(`${folder}/gapless.txt`), {
    exit: 65,
    message: `${folder}/gapless.txt: line 2: 'something' has no {}`,
  })
  await t.rejects(readTemplates(`${folder}/empty.txt`), { exit: 65, message: /is empty/ })
  await t.rejects(readTemplates(`${folder}/none.txt`), { exit: 66, message: /no such file/ })
  const run = (address: string) => extract(`${folder}/m.csv`, address)
  await t.rejects(run('t=text:name,templates'), { exit: 64, message: /needs a value/ })
  await t.rejects(run('t=category:name,templates=x'), { exit: 64, message: /unknown option/ })
})
