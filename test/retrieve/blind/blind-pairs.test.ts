import fc from 'fast-check'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { blindPairs } from '../../../lib/retrieve/blind/blind-pairs.js'
import { dot } from '../../../lib/retrieve/dot.js'
import { pcm } from '../../programs/program.js'
import { writeEmbeddings } from '../embedding-stream.js'
import { others, unit, vectorColumn, vectors } from '../vectors.js'
import { inKernel, worstSimilarity } from '../worst-similarity.js'

t.test('pairs are those of a double loop over exact cosines, with any rounding', async t => {
  const number = fc.integer({ min: -2, max: 2 })
  const item = fc.record({
    blind: fc.tuple(number, number).map(([x, y]) => unit([x, y || 1])),
    seeing: fc.tuple(number, number, number).map(([x, y, z]) => unit([x, y, z || 1])),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0.95, 0.5, -0.2),
      async (items, most, alike) => {
        const [blind, seeing] = [
          vectors(items.map(each => each.blind)),
          vectors(items.map(each => each.seeing)),
        ]
        const task = { blind, seeing, alike, different: 0.6, most }
        const similarity = inKernel(worstSimilarity(1e-3))
        const { pairs, found } = await blindPairs({ ...task, similarity })
        const all = items.flatMap((_, one) =>
          items.slice(one + 1).map((_, i) => {
            const other = one + 1 + i
            const score = ({ values, dim }: typeof blind) => dot(values, one, values, other, dim)
            return { one, other, alike: score(blind), different: score(seeing) }
          }),
        )
        const wanted = all
          .filter(pair => pair.alike > alike && pair.different < 0.6)
          .sort((a, b) => b.alike - b.different - (a.alike - a.different))
        return found === wanted.length && isDeepStrictEqual(pairs, wanted.slice(0, most))
      },
    ),
    { numRuns: 500, seed: 6 },
  )
  t.pass('500 worlds')
})

t.test('pcm-eval lists them, of modalities that share no space', async t => {
  const path = join(t.testdir(), 'e.arrows')
  await writeEmbeddings(path, {
    ...others({ id: ['cat', 'dog', 'car', 'none'] }),
    clip: vectorColumn([[1, 0], unit([1, 0.1]), [0, 1], undefined], 2),
    dino: vectorColumn([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]),
  })
  const { status, stdout, stderr } = await pcm('eval', [path, '--blind', 'clip>dino'])
  t.equal(status, 0, stderr)
  t.match(stdout.toString(), /^cat +dog +0\.995 +0\.000$/m)
  t.match(stdout.toString(), /1 blind pairs of clip>dino among 3 items/)
  const json = await pcm('eval', [path, '--blind', 'dino>clip', '--format', 'json'])
  t.match(JSON.parse(json.stdout.toString()), { items: 3, pairs: 0, listed: 0 })
  for (const [blind, expected] of [
    ['clip', 64],
    ['clip>clip', 64],
    ['clip>nothing', 65],
  ] as const)
    t.equal((await pcm('eval', [path, '--blind', blind])).status, expected)
})
