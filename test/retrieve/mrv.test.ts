import { join } from 'node:path'
import t from 'tap'
import { rankVariance } from '../../lib/retrieve/report/mrv-records.js'
import { pcm } from '../programs/program.js'
import { writeEmbeddings } from './embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from './vectors.js'

const side = (ranks: Record<string, number[]>) => ({
  ids: Object.entries(ranks).flatMap(([id, all]) => all.map(() => id)),
  ranks: Float64Array.from(Object.values(ranks).flat()),
})

t.test('over languages, over views, over both (METHODS 3.5)', async t => {
  const en = side({ a: [1], b: [4], c: [9] })
  const ja = side({ a: [3], b: [4] })
  // a: mean 2, squares 1 + 1; b: none; c is not asked for in both.
  t.same(rankVariance([en, ja]), { mrv: 0.5, items: 2, queries: 4, leftOut: 1 })
  t.same(rankVariance([side({ a: [1, 2, 6], b: [5] })]), {
    mrv: 14 / 3,
    items: 1,
    queries: 3,
    leftOut: 1,
  })
  t.same(rankVariance([side({ a: [1, 1] }), side({ a: [4] })])?.mrv, 2)
  t.equal(rankVariance([side({ a: [1] })]), undefined, 'nothing to compare')
})

t.test('a record for every gallery; ranks that were written say the same', async t => {
  const folder = t.testdir()
  const path = join(folder, 'e.arrows')
  const at = (angle: number) => unit([Math.cos(angle), Math.sin(angle)])
  await writeEmbeddings(path, {
    ...others({ id: ['a', 'b', 'c', 'd'] }),
    photo: vectorColumn([0, 1, 2, 3].map(at)),
    en: viewsColumn([[at(0.1), at(0.9)], [at(1)], [at(2.9)], [at(3)]], 2),
    ja: vectorColumn([2, 1, 2, 3].map(at)),
  })
  const run = async (file: string) => {
    const args = ['--mrv', 'en,ja', '--format', 'json']
    const { status, stdout, stderr } = await pcm('eval', [file, ...args])
    t.equal(status, 0, stderr)
    return stdout.toString()
  }
  const lines = (await run(path)).trim().split('\n')
  const { direction, mrv, items, queries } = JSON.parse(lines.at(-1)!)
  // a: ranks 1, 2, 4, squares 14 / 3; b: 1, 1; c: 2, 1, squares 1 / 2; d: 1, 1.
  t.same({ direction, items, queries }, { direction: 'en,ja>photo', items: 4, queries: 9 })
  t.ok(Math.abs(mrv - (14 / 3 + 1 / 2) / 9) < 1e-9, `${mrv}`)
  const ranks = join(folder, 'ranks.arrows')
  await pcm('eval', [path, '--format', 'ranks', '-o', ranks])
  t.equal(await run(ranks), lines.join('\n') + '\n')
  const wrong = await pcm('eval', [path, '--mrv', 'en,fr'])
  t.equal(wrong.status, 64)
  t.match(wrong.stderr, /--mrv en,fr: no gallery is searched by all of them/)
})
