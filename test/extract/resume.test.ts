import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { openExtraction, type Request } from '../../lib/extract/extract.js'
import { resumeOutput, openOutput } from '../../lib/extract/resume/open-output.js'
import type { BadItem } from '../../lib/extract/bad-items.js'

const ROWS = 23
const SIZE = 4

/** Ids at both ends of what a split names, a broken number in every seventh row. */
const CSV = [
  'id,text,n',
  ...Array.from({ length: ROWS }, (_, row) => `i${row},text ${row},${row % 7 === 3 ? 'x' : row}`),
].join('\n')

const folder = t.testdir({ 'm.csv': CSV, ids: 'i0\ni22\n' })

interface Run {
  /** Stop, as a machine that loses power does, after this many batches. */
  batches?: number
  request?: Partial<Request>
  resume?: boolean
}

/** What pcm-extract does, with small batches; the bad items it tells. */
async function run(name: string, { batches = Infinity, request, resume = true }: Run = {}) {
  const extraction = await openExtraction({
    input: `${folder}/m.csv`,
    modalities: ['t=text:text@ngram,dim=16', 'v=vector:n'],
    columns: [],
    id: undefined,
    split: `train=@${folder}/ids`,
    where: [],
    seed: 0,
    threads: 1,
    onError: 'skip',
    ...request,
  })
  const schema = {
    content: 'features' as const,
    modalities: extraction.modalities,
    others: extraction.others,
    provenance: [{ pn: 'pcm-extract', vn: '1', cl: '' }],
    metadata: new Map<string, string>(),
  }
  const path = `${folder}/${name}`
  const output = resume
    ? await resumeOutput(path, schema, await extraction.identity())
    : await openOutput(path, schema)
  const bad: BadItem[] = [...output.bad]
  let count = 0
  for await (const batch of extraction.batches(SIZE, output.read)) {
    if (count++ === batches) break
    await output.write(batch)
    bad.push(...batch.bad)
  }
  await (count <= batches ? output.finish() : output.abort())
  await extraction.close()
  return { bad: bad.map(({ row }) => row), done: count, read: output.read }
}

const bytesOf = (name: string) => readFileSync(`${folder}/${name}`)

t.test('stopped anywhere and gone on with, the result has the bytes of one run', async t => {
  const whole = await run('whole', { resume: false })
  t.same(whole.bad, [3, 10, 17])
  const stop = fc.record({
    batches: fc.integer({ min: 0, max: 6 }),
    data: fc.double({ min: 0, max: 1, noNaN: true }),
    log: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(stop, { maxLength: 3 }), async stops => {
      for (const { batches, data, log } of stops) {
        await run('part', { batches })
        // What a machine that went down had not yet on its disk.
        for (const [file, share] of [
          ['part.partial', data],
          ['part.partial.log', log],
        ] as const)
          if (existsSync(`${folder}/${file}`))
            truncateSync(`${folder}/${file}`, Math.ceil(bytesOf(file).length * share))
      }
      const last = await run('part')
      t.ok(bytesOf('part').equals(bytesOf('whole')))
      t.same(last.bad, whole.bad, 'items of earlier runs are listed with the others')
      t.notOk(existsSync(`${folder}/part.partial`) || existsSync(`${folder}/part.partial.log`))
    }),
    { seed: 16, numRuns: 40 },
  )
})

t.test('no batch is made twice', async t => {
  const first = await run('once', { batches: 3 })
  const second = await run('once')
  t.equal(first.done - 1, 3)
  t.equal(second.read, 3 * SIZE)
  t.equal(second.done, Math.ceil(ROWS / SIZE) - 3)
})

t.test('bytes that have changed on the disk are made again', async t => {
  await run('flipped', { batches: 4 })
  const data = bytesOf('flipped.partial')
  data[Math.floor(data.length * 0.6)]! ^= 1
  writeFileSync(`${folder}/flipped.partial`, data)
  const { read } = await run('flipped')
  t.ok(read > 0 && read < 4 * SIZE, `${read} rows were kept`)
  t.ok(bytesOf('flipped').equals(bytesOf('whole')))
})

t.test('another input, other files and columns are refused, and nothing is touched', async t => {
  await run('kept', { batches: 2 })
  const before = [bytesOf('kept.partial'), bytesOf('kept.partial.log')]
  writeFileSync(`${folder}/other.csv`, CSV.replace('text 22', 'text xx'))
  const refused: [RegExp, () => Promise<unknown>][] = [
    [/another .*other\.csv/, () => run('kept', { request: { input: `${folder}/other.csv` } })],
    [
      /another column t/,
      () => run('kept', { request: { modalities: ['t=text:text@ngram,dim=32', 'v=vector:n'] } }),
    ],
  ]
  for (const [message, act] of refused) await t.rejects(act(), { message, exit: 65 })
  writeFileSync(`${folder}/ids`, 'i0\ni22\ni1\n')
  await t.rejects(run('kept'), { message: /another file .*ids/, exit: 65 })
  t.same([bytesOf('kept.partial'), bytesOf('kept.partial.log')], before)
  writeFileSync(`${folder}/kept.partial.log`, 'something else\n')
  await t.rejects(run('kept'), { message: /not a journal/, exit: 65 })
})
