import { join } from 'node:path'
import t from 'tap'
import { reals } from '../../engine/numbers.js'
import { faultOf, pcm } from '../../programs/program.js'
import { writeEmbeddings } from '../embedding-stream.js'
import { others, unit, vectorColumn, viewsColumn } from '../vectors.js'

/** An older model's gallery searched by the queries of a new one. */

const folder = t.testdir()
const path = (name: string): string => join(folder, `${name}.arrows`)
const [N, DIM] = [12, 3]

interface Line {
  direction: string
  'r@1': number
  compatible: Record<string, { old: number; new: number; gain: number; holds: boolean }>
  against: Record<string, { difference: number }>
}

/** Photos, and two captions each, of a model; `noise` says how bad it is. */
const model = (seed: number, noise: number) => {
  const truth = reals(N * DIM, 1, -1, 1)
  const seen = (own: number): number[][] =>
    Array.from({ length: N }, (_, i) =>
      unit(
        Array.from(
          { length: DIM },
          (_, k) => truth[i * DIM + k]! + noise * reals(N * DIM, own, -1, 1)[i * DIM + k]!,
        ),
      ),
    )
  const [first, second] = [seen(seed + 1), seen(seed + 2)]
  return { photo: seen(seed), captions: first.map((caption, i) => [caption, second[i]!]) }
}

const [old, fresh] = [model(10, 0.8), model(20, 0.2)]

const write = async (name: string, { photo, captions }: typeof old, order = [...Array(N).keys()]) =>
  await writeEmbeddings(path(name), {
    ...others({ id: order.map(i => `item ${i}`) }),
    photo: vectorColumn(order.map(i => photo[i]!)),
    caption: viewsColumn(
      order.map(i => captions[i]!),
      DIM,
    ),
  })

t.before(async () => {
  // The old stream has its rows in another order: ids say what belongs together.
  await write('old', old, [...Array(N).keys()].reverse())
  await write('fresh', fresh)
})

/** r@1 by a double loop: photo > caption, then caption > photo. */
function found(queries: typeof old, gallery: typeof old): [number, number] {
  const dot = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0)
  const items = [...Array(N).keys()]
  const best = (query: number[], entries: number[][][], own: number): boolean => {
    const score = (i: number): number => Math.max(...entries[i]!.map(entry => dot(query, entry)))
    return items.every(i => i === own || score(i) < score(own))
  }
  const photos = items.filter(i => best(queries.photo[i]!, gallery.captions, i)).length / N
  const views = items.flatMap(i => queries.captions[i]!.map(caption => ({ caption, i })))
  const single = gallery.photo.map(photo => [photo])
  const right = views.filter(({ caption, i }) => best(caption, single, i)).length / views.length
  return [100 * photos, 100 * right]
}

t.test('the cross-test is that of a double loop, beside both models by themselves', async t => {
  const ended = await pcm('eval', [
    ...[path('fresh'), '--compatible', path('old'), '--format', 'json'],
  ])
  t.equal(ended.status, 0, ended.stderr)
  const records = ended.stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Line)
  const [cross, before, now] = [found(fresh, old), found(old, old), found(fresh, fresh)]
  const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6
  for (const [i, name] of ['photo>caption', 'caption>photo'].entries()) {
    const record = records.find(({ direction }) => direction === name)!
    const { 'r@1': said } = record.compatible
    t.ok(close(record['r@1'], cross[i]!), `${name}: ${record['r@1']}, expected ${cross[i]}`)
    t.ok(close(said!.old, before[i]!), `${name}, old: ${said!.old}, expected ${before[i]}`)
    t.ok(close(said!.new, now[i]!), `${name}, new: ${said!.new}, expected ${now[i]}`)
    t.equal(said!.holds, cross[i]! >= before[i]!)
    const gain = (cross[i]! - before[i]!) / (now[i]! - before[i]!)
    t.ok(now[i] === before[i] || close(said!.gain, gain), `${name}, gain: ${said!.gain}`)
    const lead = record.against['r@1']!
    t.ok(close(lead.difference, cross[i]! - before[i]!), 'with an interval and p')
  }
  const mean = records.find(({ direction }) => direction === 'mean')!
  const means = mean.compatible['r@1']!
  t.ok(close(means.old, (before[0] + before[1]) / 2))
  t.notSame(cross, before, 'and it is another test than both')
  t.notSame(cross, now)
})

t.test('people are told whether the criterion holds', async t => {
  const ended = await pcm('eval', [path('fresh'), '--compatible', path('old')])
  const said = ended.stdout.toString()
  t.match(said, /r@1, query > gallery +old > old +new > old +new > new +gain +holds/)
  t.match(said, /mean of 2 .* (yes|no)\n/)
  t.match(said, /gallery: of .*old\.arrows/)
})

t.test('two spaces, or another comparison beside it, are refused', async t => {
  await writeEmbeddings(path('wide'), {
    ...others({ id: ['item 0', 'item 1'] }),
    photo: vectorColumn([unit([1, 2, 3, 4]), unit([2, 1, 1, 1])]),
    caption: vectorColumn([unit([1, 2, 3, 4]), unit([2, 1, 1, 1])]),
  })
  const refuse = async (status: number, words: RegExp, ...args: string[]): Promise<void> => {
    const ended = await pcm('eval', [path('fresh'), ...args])
    t.equal(ended.status, status, ended.stderr)
    t.equal(faultOf('eval', ended.stderr), '')
    t.match(ended.stderr, words)
  }
  await refuse(65, /found vector of 4 numbers, expected vector of 3/, '--compatible', path('wide'))
  const both = ['--compatible', path('old'), '--against', path('old')]
  await refuse(64, /--against and --compatible/, ...both)
  await refuse(64, /--folds and --compatible/, '--compatible', path('old'), '--folds', '2')
})
