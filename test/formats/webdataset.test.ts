import fc from 'fast-check'
import t from 'tap'
import { groupSamples, leadsOut, splitMember } from '../../lib/formats/webdataset.js'
import { all } from './check.js'

async function* named(names: readonly string[]) {
  for (const name of names) yield { name }
}

t.test('a name is taken apart at the first dot of its last part', t => {
  const wanted: [string, [string, string] | undefined][] = [
    ['0001.jpg', ['0001', 'jpg']],
    ['a/b.c/0001.seg.PNG', ['a/b.c/0001', 'seg.png']],
    ['./x.txt', ['./x', 'txt']],
    ['../../etc/x.jpg', ['../../etc/x', 'jpg']],
    ['README', undefined],
    ['a/.hidden', undefined],
    ['x.', undefined],
    ['__index__.json', undefined],
  ]
  for (const [name, parts] of wanted)
    t.same(splitMember(name), parts && { key: parts[0], extension: parts[1] }, name)
  t.end()
})

t.test(
  'every member is in one sample or left, in order, and neighbours share their key',
  async t => {
    const name = fc.stringMatching(/^[ab./_]{1,6}$/)
    await fc.assert(
      fc.asyncProperty(fc.array(name, { maxLength: 12 }), async names => {
        const left: string[] = []
        const samples = await all(groupSamples(named(names), ({ name }) => left.push(name)))
        const grouped = samples.flatMap(({ members }) => [...members.values()].flat())
        t.same([...grouped.map(({ name }) => name), ...left].sort(), [...names].sort())
        samples.forEach(({ key, members }, at) => {
          t.not(key, samples[at + 1]?.key, 'neighbours with one key are one sample')
          for (const [extension, found] of members)
            for (const { name } of found) t.same(splitMember(name), { key, extension })
        })
      }),
      { seed: 13, numRuns: 300 },
    )
  },
)

t.test('names that would be written elsewhere are told', t => {
  for (const name of ['/etc/passwd', '../x', 'a/../../x', 'C:\\x', '\\\\host\\x', 'a\\..\\x', '..'])
    t.ok(leadsOut(name), name)
  for (const name of ['a/b.jpg', 'a..b/c', './x', '...']) t.notOk(leadsOut(name), name)
  t.end()
})
