import { symlinkSync } from 'node:fs'
import t from 'tap'
import { collect } from './collect.js'

const tree = () => {
  const folder = t.testdir({
    train: { dog: { 'b.txt': 'two', 'a.txt': 'one' }, cat: { 'c.txt': 'three', '.x': 'no' } },
    test: { cat: { 'd.txt': 'four', 'd.md': 'five' } },
    'top.txt': 'six',
    '.hidden': { 'e.txt': 'seven' },
  })
  symlinkSync('../train', `${folder}/test/loop`)
  symlinkSync('../train/dog/a.txt', `${folder}/test/link.txt`)
  return folder
}

/** Paths stand for texts: what a file holds is the encoder's business. */
const columns = ['class=class', 'split=split']

t.test(
  'the files of a directory are items: sorted, class and split from their folders',
  async t => {
    const { values } = await collect(tree(), ['p=text:path', 'c=category:class'], { columns })
    t.same(values('id'), [
      'test/cat/d.md',
      'test/cat/d.txt',
      'test/link.txt',
      'top.txt',
      'train/cat/c.txt',
      'train/dog/a.txt',
      'train/dog/b.txt',
    ])
    t.same(values('class'), ['cat', 'cat', 'test', null, 'cat', 'dog', 'dog'])
    t.same(values('split'), ['test', 'test', null, null, 'train', 'train', 'train'])
  },
)

t.test('a pattern takes some of them, relative to what is before its first wildcard', async t => {
  const folder = tree()
  const ids = async (pattern: string) =>
    (await collect(`${folder}/${pattern}`, ['p=text:path'])).values('id')
  t.same(await ids('train/**/*.txt'), ['cat/c.txt', 'dog/a.txt', 'dog/b.txt'])
  t.same(await ids('*/cat/*.{txt,md}'), ['test/cat/d.md', 'test/cat/d.txt', 'train/cat/c.txt'])
  t.same(await ids('*.txt'), ['top.txt'])
  await t.rejects(ids('train/**/*.jpg'), { message: /no files there/, exit: 65 })
  await t.rejects(ids('nowhere/*.jpg'), { message: /nowhere: no such file/, exit: 66 })
})

t.test('pictures are found through their paths', async t => {
  const { first, values } = await collect('fixtures/world/pictures/t00*.png', [
    'p=image:path@hog,size=16,cell=4',
  ])
  t.ok(values('id').length > 3)
  t.same(
    [...(first['p'] as any).present],
    values('id').map(() => 1),
  )
})
