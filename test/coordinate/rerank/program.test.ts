import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Model } from '../../../lib/coordinate/model.js'
import { saveModel } from '../../../lib/coordinate/model-stream.js'
import type { PoolingKind } from '../../../lib/coordinate/poolings/index.js'
import { Exit } from '../../../lib/error.js'
import { openSink } from '../../../lib/stream/sink.js'
import { integers, reals } from '../../engine/numbers.js'
import { faultOf, pcm } from '../../programs/program.js'
import { dot, rowsOf, total, unitOf } from '../derived.js'
import { fieldOf, idsOf, streamOf } from '../features.js'
import { DIM, modality, modelOf } from '../model-of.js'

/** pcm-rerank by late interaction, on heads that leave the tokens as they are. */

const ROWS = 30
const TOP = 7
const folder = t.testdir()
const at = (name: string): string => join(folder, name)

/** Sequences of one to four tokens. */
const sequences = (seed: number): number[][][] =>
  Array.from(integers(ROWS, seed, 1, 4), (length, row) =>
    rowsOf(reals(length * DIM, seed + 1 + row, -1, 1), DIM),
  )
const tokens: Record<string, number[][][]> = { photo: sequences(3), text: sequences(50) }

const column = (name: string) => {
  let end = 0
  return {
    field: fieldOf(name, { layout: 'tokens', dim: DIM }),
    column: {
      ...{ layout: 'tokens' as const, dim: DIM, present: new Uint8Array(ROWS).fill(1) },
      values: Float32Array.from(tokens[name]!.flat(2)),
      offsets: Int32Array.from([0, ...tokens[name]!.map(({ length }) => (end += length))]),
    },
  }
}

const keeping = (pooling?: PoolingKind): Model => {
  const one = (name: string) => ({ ...modality(name, 'identity'), ...(pooling && { pooling }) })
  const model = modelOf([one('photo'), one('text')])
  const same = { mean: new Float32Array(DIM), deviation: new Float32Array(DIM).fill(1) }
  return {
    ...model,
    description: { ...model.description, pairs: ['photo+text'] },
    statistics: { photo: same, text: same },
  }
}

const save = async (name: string, model: Model): Promise<void> =>
  await saveModel(await openSink(at(name), { binary: true }), model, [], [])

t.before(async () => {
  const modalities = Object.keys(tokens).map(column)
  const given = { rows: ROWS, modalities, others: { id: idsOf(ROWS) } }
  await writeFile(at('features.arrows'), await streamOf(given))
  await save('tokens.arrows', keeping('mean'))
  await save('vectors.arrows', keeping())
})

/** Where the partner stands, from 1: the first by the cosine of means go by their tokens. */
function wantedRank(query: string, gallery: string, row: number): number {
  const unit = (name: string, item: number): number[][] => tokens[name]![item]!.map(unitOf)
  const mean = (name: string, item: number): number[] => {
    const all = tokens[name]![item]!
    return unitOf(all[0]!.map((_, k) => total(all.map(token => token[k]!)) / all.length))
  }
  const items = [...Array(ROWS).keys()]
  const cosine = (item: number): number => dot(mean(query, row), mean(gallery, item))
  const late = (item: number): number => {
    const [x, y] = [unit(query, row), unit(gallery, item)]
    return total(x.map(k => Math.max(...y.map(r => dot(k, r))))) / x.length
  }
  const order = items.toSorted((i, j) => cosine(j) - cosine(i))
  const first = order.slice(0, TOP).toSorted((i, j) => late(j) - late(i))
  return [...first, ...order.slice(TOP)].indexOf(row) + 1
}

const rerank = async (...args: string[]) =>
  await pcm('rerank', [at('features.arrows'), '--score', 'late', '--no-pg', ...args])

t.test('the first by cosine stand in the order of a double loop over their tokens', async t => {
  const asked = ['--model', at('tokens.arrows'), '--top', `${TOP}`]
  const { status, stdout, stderr } = await rerank(...asked)
  t.equal(status, 0, stderr)
  t.match(stderr, /photo>text: r@1 [\d.]+ by cosine, [\d.]+ after the second look\n/)
  const metrics = ['--format', 'json', '--metrics', 'meanr,mrr', '-q']
  const read = await pcm('eval', ['-', ...metrics], { input: stdout })
  t.equal(read.status, 0, read.stderr)
  const lines = read.stdout.toString('utf8').trim().split('\n')
  for (const [query, gallery] of [
    ['photo', 'text'],
    ['text', 'photo'],
  ] as const) {
    const ranks = tokens[query]!.map((_, row) => wantedRank(query, gallery, row))
    const found = lines
      .map(line => JSON.parse(line) as Record<string, number | string>)
      .find(({ direction }) => direction === `${query}>${gallery}`)!
    const near = (name: string, value: number) =>
      t.ok(Math.abs((found[name] as number) - value) < 1e-6, `${name}: ${found[name]}, ${value}`)
    near('meanr', total(ranks) / ROWS)
    near('mrr', total(ranks.map(rank => 1 / rank)) / ROWS)
  }
  t.same((await rerank(...asked)).stdout, stdout, 'the same bytes again')
})

t.test('what cannot be compared is refused in a line', async t => {
  const wrong: [RegExp, ExitOf, string[]][] = [
    [/no tokens/, 'badData', ['--model', at('vectors.arrows')]],
    [/has no fusion encoder/, 'badData', ['--model', at('tokens.arrows'), '--score', 'ratio']],
    [/cannot compare/, 'usage', ['--model', at('tokens.arrows'), '--direction', 'photo>photo']],
    [/--positives class: no such/, 'usage', ['--model', at('tokens.arrows'), '--positives=class']],
    [/--score/, 'usage', ['--model', at('tokens.arrows'), '--score', 'early']],
  ]
  for (const [words, exit, args] of wrong) {
    const { status, stderr } = await rerank(...args)
    t.equal(status, Exit[exit], `${args.join(' ')}: ${stderr}`)
    t.match(stderr, words)
    t.equal(faultOf('rerank', stderr), '')
  }
})

type ExitOf = keyof typeof Exit
